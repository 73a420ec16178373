/**
 * A model behind the OpenAI API: OpenAI, DeepSeek, Ollama, vLLM, LM Studio and all that speak
 * `/chat/completions`. The library is loaded with the first call, so that servers without a
 * language model do not pay for it.
 */
import type { OpenAiConfig } from '../config-openai.ts';
import { boundedFetch } from './bounded-fetch.ts';
import {
  ModelFailed,
  type LanguageModel,
  type ModelPart,
  type ModelPrompt,
  type ModelUsage,
} from './model-port.ts';
import {
  brokenConnection,
  connectionCode,
  refusedCall,
  refusedParameter,
  type DispensableParameter,
  type RefusedCall,
} from './openai-failure.ts';

/** Answers are to repeat what the passages say, not to vary it. */
const temperature = 0.2;
/** An answer of 700 tokens is about 200 kB of events; thoughts come on top. */
const maxResponseBytes = 8 * 1024 * 1024;
/** A call that is said to have cost more is estimated. */
const mostTokens = 1_000_000;

type Library = Pick<typeof import('ai'), 'streamText' | 'APICallError'> &
  Pick<typeof import('@ai-sdk/openai-compatible'), 'createOpenAICompatible'>;

async function loadLibrary(): Promise<Library> {
  const [{ streamText, APICallError }, { createOpenAICompatible }] = await Promise.all([
    import('ai'),
    import('@ai-sdk/openai-compatible'),
  ]);
  return { streamText, APICallError, createOpenAICompatible };
}

/** What an error in the middle of a stream looks like, as the server sent it. */
const isErrorChunk = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && !(error instanceof Error) && 'message' in error;

/** What a server says that a call cost, where that can be true. */
function usageOf(said: {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}): ModelUsage | undefined {
  const { inputTokens: prompt = 0, outputTokens: completion = 0 } = said;
  const isCount = (tokens: number): boolean => tokens >= 0 && tokens <= mostTokens;
  return isCount(prompt) && isCount(completion) && prompt > 0 ? { prompt, completion } : undefined;
}

/** @param now - Unix milliseconds, for `Retry-After` with a date */
export function createOpenAiModel(
  config: Pick<OpenAiConfig, 'baseUrl' | 'apiKey' | 'model'>,
  now: () => number,
): LanguageModel {
  let library: Promise<Library> | undefined;
  /** What this model refused; it is not sent again. */
  const refused = new Set<DispensableParameter>();

  function bodyOf(body: Record<string, unknown>): Record<string, unknown> {
    const sent = { ...body };
    for (const name of refused) {
      // OpenAI's reasoning models want the newer name.
      if (name === 'max_tokens') sent['max_completion_tokens'] = sent[name];
      delete sent[name];
    }
    return sent;
  }

  function failureOf(error: unknown, hadAnswer: boolean, { APICallError }: Library): ModelFailed {
    if (error instanceof ModelFailed) return error;
    if (APICallError.isInstance(error) && error.statusCode !== undefined && !hadAnswer) {
      const { statusCode: status, responseHeaders: headers = {}, responseBody: body = '' } = error;
      const call: RefusedCall = { status, headers, body };
      // 200 with something else than events is no refusal.
      if (status < 300) return new ModelFailed('cut', notTheApi);
      const parameter = refusedParameter(call);
      if (parameter === undefined || refused.has(parameter)) {
        const failed = refusedCall(call, now());
        return failed.failure === 'parameter'
          ? new ModelFailed('rejected', failed.message)
          : failed;
      }
      refused.add(parameter);
      return refusedCall(call, now());
    }
    if (isErrorChunk(error)) {
      return new ModelFailed('broken', "The language model's server reported an error on the way");
    }
    if (connectionCode(error) !== undefined || error instanceof TypeError) {
      return brokenConnection(error, hadAnswer);
    }
    return new ModelFailed('cut', notTheApi);
  }

  async function* stream(prompt: ModelPrompt, signal: AbortSignal): AsyncGenerator<ModelPart> {
    const loaded = await (library ??= loadLibrary());
    const provider = loaded.createOpenAICompatible({
      name: 'openai-compatible',
      baseURL: config.baseUrl,
      ...(config.apiKey === undefined ? {} : { apiKey: config.apiKey }),
      includeUsage: true,
      fetch: boundedFetch(maxResponseBytes),
      transformRequestBody: bodyOf,
    });
    const result = loaded.streamText({
      model: provider.chatModel(config.model),
      system: prompt.system,
      messages: [...prompt.messages],
      maxOutputTokens: prompt.maxTokens,
      temperature,
      maxRetries: 0,
      abortSignal: signal,
      // Errors come with the stream too; without this they would go to the console.
      onError: () => undefined,
    });
    let hadAnswer = false;
    let ended = false;
    try {
      for await (const part of result.fullStream) {
        if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
          hadAnswer = true;
          yield { type: part.type === 'text-delta' ? 'text' : 'thought', text: part.text };
        } else if (part.type === 'error') {
          throw failureOf(part.error, hadAnswer, loaded);
        } else if (part.type === 'abort') {
          signal.throwIfAborted();
        } else if (part.type === 'finish') {
          ended = true;
          const usage = usageOf(part.totalUsage);
          const cutShort = part.finishReason === 'length';
          yield { type: 'end', cutShort, ...(usage === undefined ? {} : { usage }) };
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, hadAnswer, loaded);
    }
    signal.throwIfAborted();
    if (!ended) throw new ModelFailed('cut', notTheApi);
  }
  return { name: config.model, stream };
}

const notTheApi =
  'The language model answered something that is not the OpenAI API, or broke off; check OPENAI_BASE_URL';
