/** Browser tests with a language model: a real server that speaks its API, scripted. */
import { startOpenAiCounterpart, type OpenAiCounterpart } from '../server/openai-counterpart.ts';
import { test as base } from './console.ts';

export { expect } from './console.ts';
export { wordsOf } from '../server/openai-counterpart.ts';

interface WithModel {
  model: OpenAiCounterpart;
  /** Variables besides those that name the model. */
  modelEnvironment: Readonly<Record<string, string>>;
}

export const test = base.extend<WithModel>({
  modelEnvironment: [{}, { option: true }],
  // oxlint-disable-next-line no-empty-pattern -- the runner reads what a fixture needs from here
  model: async ({}, use) => {
    const model = await startOpenAiCounterpart();
    await use(model);
    await model.close();
  },
  serverEnvironment: async ({ model, modelEnvironment }, use) =>
    use({
      ...{ ANSWERER: 'openai', OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'test-model' },
      ...modelEnvironment,
    }),
});
