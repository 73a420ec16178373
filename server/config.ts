/**
 * Configuration: environment variables, parsed once into a frozen record. The table below is the
 * truth for names, defaults, `--help` and the errors.
 */
import { parseEnv } from 'node:util';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { failure, success, type Result } from '../shared/result.ts';
import type { RateLimit } from './chat/sliding-window.ts';
import { readOpenAi, type EmbeddingConfig, type OpenAiConfig } from './config-openai.ts';
import {
  duration,
  folderOrSite,
  headerToken,
  httpAddress,
  oneOf,
  origins,
  postsAddress,
  rate,
  readableFile,
  secret,
  serviceAddress,
  shortLine,
  wholeNumber,
} from './config-values.ts';
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
  /** Folder of Markdown, or http(s) address of a site, a sitemap or a feed; absent = the demo's posts. */
  readonly posts?: string;
  readonly postsUrl: string;
  readonly demo: boolean;
  readonly answerer: 'retrieval' | 'openai' | 'http' | 'off';
  /** The service of `ANSWERER=http`; absent for the others. */
  readonly qa?: { readonly url: string; readonly token?: string };
  /** How long `openai` and `http` may take for an answer, in milliseconds; absent for their own. */
  readonly answerTimeoutMs?: number;
  /** There where `answerer` is `openai`. */
  readonly openai?: OpenAiConfig;
  /** Where passages and questions are compared by meaning too. */
  readonly embeddings?: EmbeddingConfig;
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

/** Variables that not every answerer reads. */
const variablesOf: Readonly<Partial<Record<Config['answerer'], readonly string[]>>> = {
  openai: ['OPENAI_MODEL', 'OPENAI_TOKENS_PER_DAY', 'OPENAI_TOKENS_PER_VISITOR', 'ANSWER_TIMEOUT'],
  http: ['QA_URL', 'QA_TOKEN', 'ANSWER_TIMEOUT'],
};

/** A longer wait is over for the connections on the way, too. */
const answerTimeouts = { leastMs: 5_000, mostMs: 300_000 };

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

  const posts = option('POSTS', folderOrSite);
  const certFile = option('TLS_CERT', readableFile);
  const keyFile = option('TLS_KEY', readableFile);
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new Refused(certFile ? 'TLS_KEY' : 'TLS_CERT', 'is missing; set both or neither');
  }
  const answerer = option('ANSWERER', oneOf(['retrieval', 'openai', 'http', 'off'])) ?? 'retrieval';
  const qaUrl = option('QA_URL', serviceAddress);
  const qaToken = option('QA_TOKEN', headerToken);
  if (answerer === 'http' && qaUrl === undefined) {
    throw new Refused('QA_URL', 'is missing; ANSWERER=http posts the questions to it');
  }
  const refused = (name: string, message: string): never => {
    throw new Refused(name, message);
  };
  return {
    host: text('HOST') ?? '127.0.0.1',
    port: option('PORT', wholeNumber(0, 65_535)) ?? 8080,
    ...given('publicUrl', option('PUBLIC_URL', httpAddress)),
    dataDir: resolve(text('DATA_DIR') ?? './data'),
    ...given('posts', posts),
    postsUrl: option('POSTS_URL', postsAddress) ?? '/',
    demo: option('DEMO', oneOf(['on', 'off'])) ? text('DEMO') === 'on' : posts === undefined,
    answerer,
    ...given(
      'qa',
      answerer === 'http' && qaUrl !== undefined
        ? { url: qaUrl, ...given('token', qaToken) }
        : undefined,
    ),
    ...given('answerTimeoutMs', option('ANSWER_TIMEOUT', duration(answerTimeouts))),
    ...readOpenAi(option, refused, answerer === 'openai'),
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

const given = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };

/** Variables that are set but belong to another answerer than the one configured. */
export const unusedVariables = (
  environment: Readonly<Record<string, string | undefined>>,
  answerer: Config['answerer'],
): readonly string[] => {
  const read = variablesOf[answerer] ?? [];
  const others = new Set(Object.values(variablesOf).flat());
  return [...others].filter((name) => environment[name] && !read.includes(name));
};

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
  const set = Object.entries(environment).filter(([, value]) => value?.trim());
  return success({ ...parseEnv(content), ...Object.fromEntries(set) });
}
