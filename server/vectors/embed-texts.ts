/** Texts as directions in a space of meanings, by any server with an OpenAI-compatible `/embeddings`. */
import { array, assert, integer, number, type } from 'superstruct';
import { boundedFetch } from '../answerers/bounded-fetch.ts';
import { ModelFailed } from '../answerers/model-port.ts';
import { brokenConnection, connectionCode, refusedCall } from '../answerers/openai-failure.ts';
import type { EmbeddingConfig, SpendLimits } from '../config-openai.ts';

/** Asks for one batch; resolves with as many vectors of length 1, all of the same dimension. */
export type EmbedTexts = (
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly Float32Array[]>;

/** 64 vectors of 4,096 numbers with all their digits are about 6 MB. */
const maxResponseBytes = 32 * 1024 * 1024;
const maxDimensions = 16_384;

const Answer = type({ data: array(type({ index: integer(), embedding: array(number()) })) });

const wrong = (what: string): ModelFailed =>
  new ModelFailed(
    'cut',
    `The embedding server answered ${what}; check OPENAI_BASE_URL and OPENAI_EMBEDDING_MODEL`,
  );

/** Of length 1, so that the product of two is the cosine between them. */
function unit(numbers: readonly number[]): Float32Array {
  let squares = 0;
  for (const value of numbers) squares += value * value;
  const length = Math.sqrt(squares);
  // Also NaN and Infinity, which JSON has no words for but `1e999` becomes.
  if (!(length > 0 && length < Infinity)) throw wrong('a vector without a direction');
  return Float32Array.from(numbers, (value) => value / length);
}

function vectorsOf(body: string, count: number): Float32Array[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
    assert(parsed, Answer);
  } catch {
    throw wrong('something else than vectors');
  }
  const byIndex = new Map(parsed.data.map(({ index, embedding }) => [index, embedding]));
  const vectors: Float32Array[] = [];
  for (let index = 0; index < count; index += 1) {
    const numbers = byIndex.get(index);
    if (!numbers) throw wrong(`${parsed.data.length} vectors for ${count} texts`);
    if (numbers.length === 0 || numbers.length > maxDimensions) {
      throw wrong(`a vector of ${numbers.length} numbers`);
    }
    const first = vectors[0]?.length ?? numbers.length;
    if (numbers.length !== first) throw wrong('vectors of different lengths');
    vectors.push(unit(numbers));
  }
  return vectors;
}

/** @param now - Unix milliseconds, for `Retry-After` with a date */
export function createEmbedTexts(
  config: Omit<EmbeddingConfig, keyof SpendLimits>,
  now: () => number,
): EmbedTexts {
  const fetchBounded = boundedFetch(maxResponseBytes);
  const authorization =
    config.apiKey === undefined ? {} : { authorization: `Bearer ${config.apiKey}` };
  return async (texts, signal) => {
    let response: Response | undefined;
    let body: string;
    try {
      response = await fetchBounded(`${config.baseUrl}/embeddings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization },
        body: JSON.stringify({ model: config.model, input: texts, encoding_format: 'float' }),
        signal,
      });
      body = await response.text();
    } catch (error) {
      signal.throwIfAborted();
      if (connectionCode(error) === undefined && !(error instanceof TypeError)) {
        throw wrong('far too much');
      }
      throw brokenConnection(error, response !== undefined);
    }
    if (!response.ok) {
      const headers = Object.fromEntries(response.headers);
      throw refusedCall({ status: response.status, headers, body }, now());
    }
    return vectorsOf(body, texts.length);
  };
}
