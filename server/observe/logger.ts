import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

/**
 * The log, on standard output: lines for people on a terminal, JSON elsewhere. Whoever logs
 * passes facts; never a message's text, a token or a visitor's whole address.
 */
export function createLogger(level: string, format: 'pretty' | 'json' | undefined): Logger {
  const chosen = format ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const options = { level, base: null };
  if (chosen === 'json') return pino(options);
  return pino(
    options,
    pretty({ colorize: process.stdout.isTTY, translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}
