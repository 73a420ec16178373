/** What the values of variables look like. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RateLimit } from './chat/sliding-window.ts';

/** From a variable's text to its value; `refuse` says why it is none, and does not return. */
export type Parse<Value> = (value: string, refuse: (message: string) => never) => Value;

export const wholeNumber =
  (least: number, most: number): Parse<number> =>
  (value, refuse) => {
    const parsed = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    return parsed >= least && parsed <= most
      ? parsed
      : refuse(`"${value}" is not a whole number from ${least} to ${most}`);
  };

export const oneOf =
  <const Choice extends string>(choices: readonly Choice[]): Parse<Choice> =>
  (value, refuse) =>
    choices.find((choice) => choice === value) ??
    refuse(`"${value}" is none of ${choices.join(', ')}`);

/** Never echoed: it is a secret. */
export const secret =
  (least: number): Parse<string> =>
  (value, refuse) =>
    value.length >= least && value.length <= 1_000
      ? value
      : refuse(`must have at least ${least} characters, at most 1,000; it has ${value.length}`);

export const shortLine: Parse<string> = (value, refuse) =>
  value.length <= 100 && !/\p{Cc}/u.test(value)
    ? value
    : refuse('must be one line of at most 100 characters');

export const httpAddress: Parse<string> = (value, refuse) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // Not echoed: they are secrets.
  if (url?.username || url?.password) return refuse('may hold no user and password');
  if (!url || !/^https?:$/.test(url.protocol)) {
    return refuse(`"${value}" is not an http(s) address like https://chat.example.com`);
  }
  if (url.search || url.hash) return refuse('may hold no "?" and no "#"; leave out what follows');
  return url.href.replace(/\/+$/, '');
};

/** Of a service that is called; a query is part of it. Never echoed: it may hold a key. */
export const serviceAddress: Parse<string> = (value, refuse) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return refuse('is not an http(s) address like http://127.0.0.1:9000/ask');
  }
  return url.username || url.password
    ? refuse('may hold no user and password; a bearer token has a variable of its own')
    : url.href;
};

/** What a header can carry after `Bearer `. Never echoed: it is a secret. */
export const headerToken: Parse<string> = (value, refuse) =>
  /^[\x21-\x7e]{1,4000}$/.test(value)
    ? value
    : refuse('must be one word of at most 4,000 ASCII characters, as a bearer token is');

export const postsAddress: Parse<string> = (value, refuse) =>
  value.startsWith('/') && !value.startsWith('//')
    ? value
    : URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
      ? value
      : refuse(`"${value}" is neither an http(s) address nor a path that begins with /`);

export const origins: Parse<readonly string[]> = (value, refuse) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      if (part === '*') return part;
      const url = URL.canParse(part) ? new URL(part) : undefined;
      const exact =
        url && url.origin !== 'null' && /^https?:$/.test(url.protocol) && !part.includes('*');
      return exact && url.href.replace(/\/$/, '') === url.origin
        ? url.origin
        : refuse(`"${part}" is not an origin like https://blog.example.com`);
    });

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export const rate: Parse<RateLimit> = (value, refuse) => {
  const [, limit = '', time = '', unit = ''] = /^(\d{1,9})\/(\d{1,9})(ms|s|m|h)$/.exec(value) ?? [];
  const parsed = { limit: Number(limit), windowMs: Number(time) * (units[unit] ?? 0) };
  return parsed.limit > 0 && parsed.windowMs > 0
    ? parsed
    : refuse(`"${value}" is not N/T with T in ms, s, m or h, like 20/10s`);
};

/**
 * A length of time like `90s`, in milliseconds.
 *
 * @param range - both ends are allowed, in milliseconds
 */
export const duration =
  (range: { readonly leastMs: number; readonly mostMs: number }): Parse<number> =>
  (value, refuse) => {
    const [, time = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(value) ?? [];
    const parsed = Number(time) * (units[unit] ?? 0);
    return parsed >= range.leastMs && parsed <= range.mostMs
      ? parsed
      : refuse(
          `"${value}" is not a time from ${range.leastMs / 1000}s to ${range.mostMs / 1000}s, like 90s or 2m`,
        );
  };

export const readableFile: Parse<string> = (value, refuse) => {
  const file = resolve(value);
  try {
    readFileSync(file);
    return file;
  } catch (error) {
    return refuse(`cannot read ${file}: ${(error as Error).message}`);
  }
};

const readableFolder: Parse<string> = (value, refuse) => {
  const folder = resolve(value);
  try {
    readdirSync(folder);
    return folder;
  } catch (error) {
    return refuse(`cannot read the folder ${folder}: ${(error as Error).message}`);
  }
};

/** A folder, or an address of the web as it is asked for: without its anchor. */
export const folderOrSite: Parse<string> = (value, refuse) => {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) return readableFolder(value, refuse);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return refuse('is neither a folder nor an http(s) address like https://blog.example.com');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('has a user name in its address, which cannot be used; give it without one');
  }
  url.hash = '';
  return url.href;
};
