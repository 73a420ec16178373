/** A site on this machine for tests, with all the faults that a site can have. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path answers: a text as HTML, or everything else. */
export type Answer =
  | string
  | {
      readonly code?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  | ((request: IncomingMessage, response: ServerResponse) => void);

export interface TestSite {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** By path and query; what is missing is 404. May be changed at any time. */
  readonly pages: Map<string, Answer>;
  /** `GET /path` of every request, in order. */
  readonly requests: {
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
    code: number;
  }[];
  /** How often a path was asked for. */
  count(path: string): number;
  /** Nothing listens any more; `up` brings it back on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Starts a site; ends with `down`. Answers carry an `ETag` and heed it, unless they are functions. */
export async function startTestSite(
  pages: Readonly<Record<string, Answer>> = {},
): Promise<TestSite> {
  const answers = new Map<string, Answer>();
  const requests: TestSite['requests'] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const seen = { path, headers: request.headers, code: 0 };
    requests.push(seen);
    response.on('error', () => undefined);
    const answer = answers.get(path);
    if (typeof answer === 'function') {
      answer(request, response);
      seen.code = response.statusCode;
      return;
    }
    const given = typeof answer === 'string' ? { body: answer } : (answer ?? { code: 404 });
    const { code = 200, headers = {}, body = '' } = given;
    const bytes = Buffer.from(body);
    const etag = `"${bytes.length}-${bytes.reduce((sum, byte) => (sum * 31 + byte) | 0, 7)}"`;
    seen.code = code === 200 && request.headers['if-none-match'] === etag ? 304 : code;
    response.writeHead(seen.code, {
      'content-type': 'text/html; charset=utf-8',
      ...(code === 200 ? { etag } : {}),
      ...headers,
    });
    response.end(seen.code === 304 ? undefined : bytes);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  for (const [path, answer] of Object.entries(pages)) {
    answers.set(path, typeof answer === 'string' ? answer.replaceAll('SITE', url) : answer);
  }
  return {
    url,
    pages: answers,
    requests,
    count: (path) => requests.filter((request) => request.path === path).length,
    down: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    up: () => listen(port),
  };
}

/** A page of a blog as themes make them. */
export const postPage = (title: string, content: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} | A blog</title>${head}</head>
<body><header><nav><a href="/">Home</a> <a href="/tags/">Tags</a></nav></header>
<main><article><h1>${title}</h1>${content}</article></main>
<footer>All rights</footer></body></html>`;

const xml = (body: string): Answer => ({ headers: { 'content-type': 'application/xml' }, body });

export const sitemap = (urls: readonly (string | readonly [string, string])[]): Answer =>
  xml(
    `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls
      .map((entry) => (typeof entry === 'string' ? [entry, ''] : entry))
      .map(
        ([url, lastmod]) =>
          `<url><loc>${url}</loc>${lastmod ? `<lastmod>${lastmod}</lastmod>` : ''}</url>`,
      )
      .join('')}</urlset>`,
  );

export const rss = (
  items: readonly { readonly link: string; readonly title: string; readonly html?: string }[],
): Answer =>
  xml(
    `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>A blog</title>${items
      .map(
        ({ link, title, html }) =>
          `<item><title>${title}</title><link>${link}</link>${html === undefined ? '' : `<content:encoded><![CDATA[${html}]]></content:encoded>`}</item>`,
      )
      .join('')}</channel></rss>`,
  );
