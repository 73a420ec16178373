import { Counter, type Registry } from 'prom-client';
import type { ModelObserver } from '../answerers/model-observer.ts';

/** Counters of what language models did and cost, in a registry. */
export function createModelMetrics(registry: Registry): ModelObserver {
  const registers = [registry];
  const tokens = new Counter({
    name: 'contact_chat_llm_tokens_total',
    help: 'Tokens that language models read (prompt) and wrote (completion), and of questions embedded (embedding, estimated).',
    labelNames: ['kind'],
    registers,
  });
  const calls = new Counter({
    name: 'contact_chat_llm_calls_total',
    help: 'Calls of language models, by what became of them.',
    labelNames: ['result'],
    registers,
  });
  const guarded = new Counter({
    name: 'contact_chat_llm_guarded_total',
    help: 'Answers that a limit on spending kept from the language model, by limit.',
    labelNames: ['limit'],
    registers,
  });
  return {
    called: (result) => calls.inc({ result }),
    spent: (kind, count) => tokens.inc({ kind }, count),
    guarded: (limit) => guarded.inc({ limit }),
  };
}
