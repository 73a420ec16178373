import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** A file in memory, with the compressed forms that the build made of it. */
export interface StaticFile {
  readonly contentType: string;
  readonly etag: string;
  readonly identity: Uint8Array;
  readonly br?: Uint8Array;
  readonly gzip?: Uint8Array;
}

/** Files of one folder by their path in it, with `/` between the parts. */
export type StaticFolder = ReadonlyMap<string, StaticFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.xml': 'application/xml; charset=utf-8',
};

/** Reads a folder into memory. A folder that is not there is empty. */
export async function readStaticFolder(folder: string): Promise<StaticFolder> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const contents = new Map<string, Uint8Array>();
  for (const entry of names) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    contents.set(path.slice(folder.length + 1).replaceAll(sep, '/'), await readFile(path));
  }
  const files = new Map<string, StaticFile>();
  for (const [path, identity] of contents) {
    if (path.endsWith('.br') || path.endsWith('.gz')) continue;
    const br = contents.get(`${path}.br`);
    const gzip = contents.get(`${path}.gz`);
    files.set(path, {
      contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
      etag: createHash('sha256').update(identity).digest('base64url').slice(0, 27),
      identity,
      ...(br ? { br } : {}),
      ...(gzip ? { gzip } : {}),
    });
  }
  return files;
}

/**
 * A file as a response: compressed as the client can read it, 304 where it has it already.
 *
 * @param headers - caching and whatever else the caller decides
 */
export function fileResponse(
  request: Request,
  file: StaticFile,
  headers: Readonly<Record<string, string>>,
  status = 200,
): Response {
  const accepted = request.headers.get('accept-encoding') ?? '';
  const encoding =
    file.br && accepts(accepted, 'br')
      ? 'br'
      : file.gzip && accepts(accepted, 'gzip')
        ? 'gzip'
        : '';
  const body =
    (encoding === 'br' && file.br) || (encoding === 'gzip' && file.gzip) || file.identity;
  // Each encoding is a representation of its own and needs its own validator (RFC 9110, 8.8.3).
  const etag = `"${file.etag}${encoding && `-${encoding}`}"`;
  const common = { ...headers, etag, vary: 'accept-encoding' };
  const known = request.headers.get('if-none-match') ?? '';
  if (status === 200 && known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
    return new Response(null, { status: 304, headers: common });
  }
  return new Response(body as Uint8Array<ArrayBuffer>, {
    status,
    headers: {
      ...common,
      'content-type': file.contentType,
      'content-length': String(body.byteLength),
      ...(encoding ? { 'content-encoding': encoding } : {}),
    },
  });
}

/** Whether `Accept-Encoding` names this coding without forbidding it (`;q=0`). */
const accepts = (header: string, coding: string): boolean =>
  header.split(',').some((part) => {
    const [name = '', quality = ''] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/);
    return name === coding && Number(quality || 1) > 0;
  });
