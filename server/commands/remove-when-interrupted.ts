import { rmSync } from 'node:fs';

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * From now on a signal that ends the process removes this folder first; the process then ends
 * with what a shell expects of that signal. One that comes during a call that blocks is heeded
 * after it.
 * @returns what ends it
 */
export function removeWhenInterrupted(folder: string): () => void {
  const handlers = Object.entries(exitCodes).map(([signal, exitCode]) => {
    const handler = (): void => {
      try {
        // A copy that is under way in another thread may still add a file.
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      } finally {
        process.exit(exitCode);
      }
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => handlers.forEach(({ signal, handler }) => void process.off(signal, handler));
}
