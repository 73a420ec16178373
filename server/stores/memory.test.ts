import { createMemoryStore } from './memory.ts';
import { describeStore } from './store.contract.ts';

describeStore('memory', async () => {
  const store = createMemoryStore();
  return { store, close: () => store.close() };
});
