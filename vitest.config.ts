import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0.0.0-test'), __WIDGET_CHUNK__: JSON.stringify('') },
  test: {
    include: ['{shared,server,widget,console,demo,e2e,scripts}/**/*.test.ts'],
    // Two cores: more workers only make each other wait.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
