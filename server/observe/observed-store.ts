import { performance } from 'node:perf_hooks';
import type { Store } from '../ports.ts';
import type { Observer } from './observer.ts';

/** The same store, with the time and the failures of what matters for visitors counted. */
export function observedStore(store: Store, observer: Observer): Store {
  const timed =
    <Arguments extends unknown[], Value>(
      operation: string,
      call: (...args: Arguments) => Promise<Value>,
    ) =>
    async (...args: Arguments): Promise<Value> => {
      const startedMs = performance.now();
      let failed = true;
      try {
        const value = await call(...args);
        failed = false;
        return value;
      } finally {
        observer.storeCalled(operation, performance.now() - startedMs, failed);
      }
    };
  return {
    ...store,
    append: timed('append', (command) => store.append(command)),
    messages: timed('messages', (conversationId, range) => store.messages(conversationId, range)),
    positionHolds: timed('position_holds', (conversationId, position) =>
      store.positionHolds(conversationId, position),
    ),
    conversation: timed('conversation', (id) => store.conversation(id)),
    claimAnswers: timed('claim_answers', (claim) => store.claimAnswers(claim)),
    claimNotices: timed('claim_notices', (claim) => store.claimNotices(claim)),
  };
}
