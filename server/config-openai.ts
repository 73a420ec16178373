/** `OPENAI_…`: how an OpenAI-compatible server is reached, and how much may be spent on it. */
import { httpAddress, type Parse } from './config-values.ts';

/** An OpenAI-compatible server. */
export interface OpenAiServer {
  /** Without a slash at the end: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Sent as a bearer token; absent where the server asks for none. */
  readonly apiKey?: string;
}

/** How much strangers may have it read and write. */
export interface SpendLimits {
  /** Tokens that may be used in a day, Infinity for any number. */
  readonly tokensPerDay: number;
  /** The same for one visitor. */
  readonly tokensPerVisitor: number;
}

/** What `ANSWERER=openai` needs. */
export interface OpenAiConfig extends OpenAiServer, SpendLimits {
  readonly model: string;
}

/** Vectors of passages and questions, beside the words. */
export interface EmbeddingConfig extends OpenAiServer, SpendLimits {
  readonly model: string;
}

/** How `config.ts` hands a variable to a parser. */
type Option = <Value>(name: string, parse: Parse<Value>) => Value | undefined;
type Refuse = (name: string, message: string) => never;

const exampleAddress = 'https://api.openai.com/v1';
const defaultTokens = { perDay: 500_000, perVisitor: 30_000 };

/** Printable and without spaces, as a header has it; never echoed. */
const apiKey: Parse<string> = (value, refuse) =>
  /^[\x21-\x7e]{1,1000}$/.test(value)
    ? value
    : refuse('must be one word of at most 1,000 plain ASCII characters; copy it again');

const modelName: Parse<string> = (value, refuse) =>
  /^[^\s\p{Cc}]{1,200}$/u.test(value)
    ? value
    : refuse('must be the name of a model in one word, like gpt-4.1-mini');

/** Zero would ask nothing of the model ever: who wants that uses `retrieval`. */
const tokens: Parse<number> = (value, refuse) => {
  if (value === 'none') return Infinity;
  const parsed = /^\d{1,12}$/.test(value) ? Number(value) : 0;
  return parsed >= 1_000
    ? parsed
    : refuse(`"${value}" is neither a whole number from 1000 on nor none (for no limit)`);
};

const serverOf = (option: Option, baseUrl: string): OpenAiServer => {
  const key = option('OPENAI_API_KEY', apiKey);
  return { baseUrl, ...(key === undefined ? {} : { apiKey: key }) };
};

/**
 * Reads the variables.
 *
 * @param answers - whether `ANSWERER` is `openai`, which makes the address and the model needed
 */
export function readOpenAi(
  option: Option,
  refuse: Refuse,
  answers: boolean,
): { readonly openai?: OpenAiConfig; readonly embeddings?: EmbeddingConfig } {
  const baseUrl = option('OPENAI_BASE_URL', httpAddress);
  const embeddingModel = option('OPENAI_EMBEDDING_MODEL', modelName);
  if (baseUrl === undefined) {
    const needs = answers ? 'ANSWERER=openai' : 'OPENAI_EMBEDDING_MODEL';
    return answers || embeddingModel !== undefined
      ? refuse(
          'OPENAI_BASE_URL',
          `is missing; ${needs} needs the address of a server, like ${exampleAddress}`,
        )
      : {};
  }
  const server = {
    ...serverOf(option, baseUrl),
    tokensPerDay: option('OPENAI_TOKENS_PER_DAY', tokens) ?? defaultTokens.perDay,
    tokensPerVisitor: option('OPENAI_TOKENS_PER_VISITOR', tokens) ?? defaultTokens.perVisitor,
  };
  const embeddings =
    embeddingModel === undefined ? {} : { embeddings: { ...server, model: embeddingModel } };
  if (!answers) return embeddings;
  const model =
    option('OPENAI_MODEL', modelName) ??
    refuse('OPENAI_MODEL', 'is missing; ANSWERER=openai needs the name of a model of that server');
  return {
    ...embeddings,
    openai: { ...server, model },
  };
}
