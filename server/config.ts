/**
 * Configuration: environment variables, parsed once into a frozen record. The table below is the
 * truth for names, defaults, `--help` and the errors.
 */
import { parseEnv } from 'node:util';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { failure, success, type Result } from '../shared/result.ts';
import type { RateLimit } from './chat/sliding-window.ts';
import { parseTrustedProxies, type TrustedProxies } from './http/trusted-proxies.ts';
import { spokenLanguages, sentencesFor } from './lang/sentences.ts';
import type { ChannelConfig } from './notifiers/channel-config.ts';
import { parseChannels } from './notifiers/parse-channels.ts';

/** How this server is set up. Absent options are off. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Origin and path, without a slash at the end; absent = from `host` and the port taken. */
  readonly publicUrl?: string;
  readonly dataDir: string;
  /** Folder of Markdown; absent = the demo's posts. */
  readonly posts?: string;
  readonly postsUrl: string;
  readonly demo: boolean;
  readonly answerer: 'retrieval' | 'off';
  readonly ownerName: string;
  readonly ownerToken?: string;
  /** Exact origins, `*` for any; absent = own origin, and loopback on a loopback bind. */
  readonly allowedOrigins?: readonly string[];
  readonly notify: readonly ChannelConfig[];
  readonly trustProxy: TrustedProxies;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly identitySecret?: string;
  readonly metricsToken?: string;
  readonly logLevel: string;
  readonly logFormat?: 'pretty' | 'json';
  readonly defaultLang: string;
  readonly rateLimit: RateLimit;
  readonly maxConnections: number;
  readonly retentionDays?: number;
}

/** Why a variable cannot be used: one line that names it and says how to mend it. */
export interface ConfigError {
  readonly variable: string;
  readonly message: string;
}

interface Variable {
  readonly name: string;
  readonly fallback: string;
  readonly help: string;
}

/** Every variable, in the order of `--help`. */
export const variables: readonly Variable[] = [
  { name: 'HOST', fallback: '127.0.0.1', help: 'address to listen on' },
  { name: 'PORT', fallback: '8080', help: 'port to listen on; 0 takes a free one' },
  {
    name: 'PUBLIC_URL',
    fallback: 'http://HOST:PORT',
    help: 'address that visitors and notices use',
  },
  {
    name: 'DATA_DIR',
    fallback: './data',
    help: 'embedded database, served versions, secrets made at first start',
  },
  {
    name: 'DATABASE_URL',
    fallback: 'SQLite in DATA_DIR',
    help: 'postgres://… for several instances (not in this version)',
  },
  {
    name: 'REDIS_URL',
    fallback: 'none',
    help: 'live events between instances (not in this version)',
  },
  {
    name: 'POSTS',
    fallback: "the demo's posts",
    help: 'what is answered from: a folder of Markdown',
  },
  { name: 'POSTS_URL', fallback: '/', help: 'base of the addresses cited for a folder' },
  {
    name: 'DEMO',
    fallback: 'on, off when POSTS is set',
    help: 'the demo blog at /: on or off',
  },
  { name: 'ANSWERER', fallback: 'retrieval', help: 'who answers: retrieval or off' },
  {
    name: 'OPENAI_BASE_URL',
    fallback: 'none',
    help: 'address of an OpenAI-compatible server (not in this version)',
  },
  { name: 'OPENAI_API_KEY', fallback: 'none', help: 'its key (not in this version)' },
  { name: 'OPENAI_MODEL', fallback: 'none', help: 'its model (not in this version)' },
  {
    name: 'QA_URL',
    fallback: 'none',
    help: 'address of a question-answering service (not in this version)',
  },
  { name: 'QA_TOKEN', fallback: 'none', help: 'its bearer token (not in this version)' },
  { name: 'OWNER_NAME', fallback: 'Owner', help: 'display name of the owner' },
  {
    name: 'OWNER_TOKEN',
    fallback: 'made at first start, kept in DATA_DIR/owner-token',
    help: "the owner's secret for /api, at least 16 characters",
  },
  {
    name: 'ALLOWED_ORIGINS',
    fallback: 'own origin; on a loopback bind also loopback origins',
    help: 'exact origins, comma-separated, that a browser may open /contact from; * = any',
  },
  {
    name: 'NOTIFY',
    fallback: 'none',
    help: 'channels to the owner, comma-separated: smtp://, smtps://, webhook+https://',
  },
  {
    name: 'TRUST_PROXY',
    fallback: 'loopback',
    help: 'addresses whose forwarding headers are believed: loopback, none, or IPs and CIDR ranges',
  },
  { name: 'TLS_CERT', fallback: 'none', help: 'certificate file (PEM): serve https and wss' },
  { name: 'TLS_KEY', fallback: 'none', help: 'key file (PEM) of TLS_CERT' },
  { name: 'IDENTITY_SECRET', fallback: 'none', help: "signs signed-in visitors' identities" },
  { name: 'METRICS_TOKEN', fallback: 'none', help: 'bearer token for /metrics' },
  {
    name: 'LOG_LEVEL',
    fallback: 'info',
    help: 'trace, debug, info, warn, error, fatal or silent',
  },
  { name: 'LOG_FORMAT', fallback: 'pretty on a terminal, else json', help: 'pretty or json' },
  {
    name: 'DEFAULT_LANG',
    fallback: 'zh-CN',
    help: 'language of server sentences where the client names none: zh-CN or en',
  },
  {
    name: 'RATE_LIMIT',
    fallback: '20/10s',
    help: 'stored messages of one conversation, N/T with T in ms, s, m or h; an address gets 10 ×',
  },
  { name: 'MAX_CONNECTIONS', fallback: 'none', help: 'most connections at a time' },
  {
    name: 'RETENTION_DAYS',
    fallback: 'none',
    help: 'conversations untouched for so many days are deleted',
  },
];

/** Variables of answerers that this version does not have; set, they change nothing. */
const laterVariables = ['OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_MODEL', 'QA_URL', 'QA_TOKEN'];

class Refused extends Error {
  readonly variable: string;
  constructor(variable: string, message: string) {
    super(message);
    this.variable = variable;
  }
}

/**
 * Reads a configuration.
 *
 * @param environment - names and values as in `process.env`; an empty value counts as absent
 * @returns the record, frozen, or the first variable that cannot be used
 */
export function parseConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Result<Config, ConfigError> {
  try {
    return success(Object.freeze(read(environment)));
  } catch (error) {
    if (error instanceof Refused) {
      return failure({ variable: error.variable, message: `${error.variable}: ${error.message}` });
    }
    throw error;
  }
}

function read(environment: Readonly<Record<string, string | undefined>>): Config {
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const option = <Value>(
    name: string,
    parse: (value: string, refuse: (message: string) => never) => Value,
  ): Value | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    return parse(value, (message) => {
      throw new Refused(name, message);
    });
  };
  const refuseLater = (name: string, instead: string): void => {
    if (text(name) !== undefined) throw new Refused(name, `is not in this version; ${instead}`);
  };
  refuseLater('DATABASE_URL', 'unset it to use the SQLite file in DATA_DIR');
  refuseLater('REDIS_URL', 'unset it to run a single instance');

  const posts = option('POSTS', (value, refuse) =>
    /^[a-z][a-z0-9+.-]+:\/\//i.test(value)
      ? refuse('sitemaps and feeds are not in this version; give a folder of Markdown files')
      : readableFolder(value, refuse),
  );
  const certFile = option('TLS_CERT', readableFile);
  const keyFile = option('TLS_KEY', readableFile);
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new Refused(certFile ? 'TLS_KEY' : 'TLS_CERT', 'is missing; set both or neither');
  }
  return {
    host: text('HOST') ?? '127.0.0.1',
    port: option('PORT', wholeNumber(0, 65_535)) ?? 8080,
    ...given('publicUrl', option('PUBLIC_URL', httpAddress)),
    dataDir: resolve(text('DATA_DIR') ?? './data'),
    ...given('posts', posts),
    postsUrl: option('POSTS_URL', postsAddress) ?? '/',
    demo: option('DEMO', oneOf(['on', 'off'])) ? text('DEMO') === 'on' : posts === undefined,
    answerer:
      option('ANSWERER', (value, refuse) => {
        if (value === 'openai' || value === 'http') {
          return refuse(`"${value}" is not in this version; use retrieval or off`);
        }
        return oneOf(['retrieval', 'off'])(value, refuse);
      }) ?? 'retrieval',
    ownerName: option('OWNER_NAME', shortLine) ?? 'Owner',
    ...given('ownerToken', option('OWNER_TOKEN', secret(16))),
    ...given('allowedOrigins', option('ALLOWED_ORIGINS', origins)),
    notify:
      option('NOTIFY', (value, refuse) => {
        const channels = parseChannels(value);
        return channels.ok ? channels.value : refuse(channels.error);
      }) ?? [],
    trustProxy: ((value) => {
      const parsed = parseTrustedProxies(value);
      if (!parsed.ok) throw new Refused('TRUST_PROXY', parsed.error);
      return parsed.value;
    })(text('TRUST_PROXY') ?? 'loopback'),
    ...given('tls', certFile && keyFile ? { certFile, keyFile } : undefined),
    ...given('identitySecret', option('IDENTITY_SECRET', secret(16))),
    ...given('metricsToken', option('METRICS_TOKEN', secret(1))),
    logLevel:
      option('LOG_LEVEL', oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])) ??
      'info',
    ...given('logFormat', option('LOG_FORMAT', oneOf(['pretty', 'json']))),
    defaultLang:
      option(
        'DEFAULT_LANG',
        (value, refuse) =>
          sentencesFor(value)?.lang ??
          refuse(`"${value}" is not spoken here; use one of ${spokenLanguages.join(', ')}`),
      ) ?? 'zh-CN',
    rateLimit: option('RATE_LIMIT', rate) ?? { limit: 20, windowMs: 10_000 },
    maxConnections: option('MAX_CONNECTIONS', wholeNumber(1, 10_000_000)) ?? Infinity,
    ...given('retentionDays', option('RETENTION_DAYS', wholeNumber(1, 36_500))),
  };
}

type Parse<Value> = (value: string, refuse: (message: string) => never) => Value;

const given = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };

const wholeNumber =
  (least: number, most: number): Parse<number> =>
  (value, refuse) => {
    const parsed = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    return parsed >= least && parsed <= most
      ? parsed
      : refuse(`"${value}" is not a whole number from ${least} to ${most}`);
  };

const oneOf =
  <const Choice extends string>(choices: readonly Choice[]): Parse<Choice> =>
  (value, refuse) =>
    choices.find((choice) => choice === value) ??
    refuse(`"${value}" is none of ${choices.join(', ')}`);

/** Never echoed: it is a secret. */
const secret =
  (least: number): Parse<string> =>
  (value, refuse) =>
    value.length >= least
      ? value
      : refuse(`must have at least ${least} characters; it has ${value.length}`);

const shortLine: Parse<string> = (value, refuse) =>
  value.length <= 100 && !/\p{Cc}/u.test(value)
    ? value
    : refuse('must be one line of at most 100 characters');

const httpAddress: Parse<string> = (value, refuse) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    return refuse(`"${value}" is not an http(s) address like https://chat.example.com`);
  }
  return url.href.replace(/\/+$/, '');
};

const postsAddress: Parse<string> = (value, refuse) =>
  value.startsWith('/') && !value.startsWith('//')
    ? value
    : URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
      ? value
      : refuse(`"${value}" is neither an http(s) address nor a path that begins with /`);

const origins: Parse<readonly string[]> = (value, refuse) =>
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

const rateUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const rate: Parse<RateLimit> = (value, refuse) => {
  const [, limit = '', time = '', unit = ''] = /^(\d{1,9})\/(\d{1,9})(ms|s|m|h)$/.exec(value) ?? [];
  const parsed = { limit: Number(limit), windowMs: Number(time) * (rateUnits[unit] ?? 0) };
  return parsed.limit > 0 && parsed.windowMs > 0
    ? parsed
    : refuse(`"${value}" is not N/T with T in ms, s, m or h, like 20/10s`);
};

const readableFile: Parse<string> = (value, refuse) => {
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

/** Variables that are set but belong to something this version lacks. */
export const unusedVariables = (
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] => laterVariables.filter((name) => environment[name]);

/**
 * The environment with a `.env` file beneath it, which it overrides.
 * @param file - missing is fine; unreadable is an error of `.env`
 */
export function withEnvFile(
  environment: Readonly<Record<string, string | undefined>>,
  file: string,
): Result<Readonly<Record<string, string | undefined>>, ConfigError> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? success(environment)
      : failure({ variable: '.env', message: `.env: cannot be read: ${message}` });
  }
  return success({ ...parseEnv(content), ...environment });
}
