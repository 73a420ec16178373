/** A blog somewhere else: serves the pages of `e2e/pages` from an origin of its own. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';

const pagesDir = resolve('e2e', 'pages');

export interface Blog {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts it on a free loopback port. `/plain` is `plain.html`, where `{{name}}` stands for the
 * value of that name, of the query before those given here.
 */
export async function startBlog(values: Readonly<Record<string, string>>): Promise<Blog> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://blog.invalid');
    const fill = (html: string): string =>
      html.replace(
        /\{\{([\w-]+)\}\}/g,
        (_all, name: string) => searchParams.get(name) ?? values[name] ?? '',
      );
    const name = /^\/([\w-]+)$/.exec(pathname)?.[1] ?? 'missing';
    readFile(join(pagesDir, `${name}.html`), 'utf8').then(
      (html) => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        response.end(fill(html));
      },
      () => {
        response.writeHead(404, { 'content-type': 'text/plain' });
        response.end('There is no such page.');
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
