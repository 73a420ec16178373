/** From variables to a running server: what the command line and `startServer` share. */
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { composeServer, type RunningServer } from './compose-server.ts';
import { parseConfig, unusedVariables, withEnvFile, type Config } from './config.ts';
import { logErrors } from './observe/log-errors.ts';
import { createLogger, type Logger } from './observe/logger.ts';
import { StoreUnavailable } from './ports.ts';
import { StartError } from './start-error.ts';
import type { ServerOptions } from './start-server.ts';
import { lockDataFolder } from './stores/data-folder-lock.ts';
import { sqliteFileName } from './stores/sqlite-file.ts';
import { troubleOf } from './stores/sqlite-trouble.ts';
import { openSqliteStore } from './stores/sqlite.ts';

/** Reads the configuration and opens the log. */
export function configure(options: ServerOptions = {}): {
  readonly config: Config;
  readonly logger: Logger;
} {
  const given = Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
  const environment = withEnvFile({ ...process.env, ...given }, '.env');
  if (!environment.ok) throw new StartError(environment.error.message);
  const config = parseConfig(environment.value);
  if (!config.ok) throw new StartError(config.error.message);
  const logger = createLogger(config.value.logLevel, config.value.logFormat);
  for (const name of unusedVariables(environment.value, config.value.answerer)) {
    logger.warn(`${name} is set, but ANSWERER is ${config.value.answerer}: it changes nothing`);
  }
  return { config: config.value, logger };
}

/** Takes the data folder, opens the store and brings everything up. */
export async function start(config: Config, logger: Logger): Promise<RunningServer> {
  const lock = await lockDataFolder(config.dataDir).catch((error: Error) => {
    throw new StartError(`DATA_DIR: ${error.message}`, { cause: error });
  });
  try {
    const onError = logErrors(logger);
    const store = await openSqliteStore({
      dataDir: config.dataDir,
      onError,
      onRecovered: (line) => logger.warn(line),
    }).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailable)) throw error;
      throw cannotStore(error, config);
    });
    const server = await composeServer({
      config,
      logger,
      store,
      onError,
      instance: nanoid(10),
    }).catch(async (error: unknown) => {
      // What stopped the start says more than what may follow from it.
      await store.close().catch(() => undefined);
      if (error instanceof StoreUnavailable || isNoSpace(error)) throw cannotStore(error, config);
      throw error;
    });
    return {
      ...server,
      async close() {
        await server.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Also files beside the database are written at start: the versions that are served. */
const isNoSpace = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');

function cannotStore(error: unknown, { dataDir }: Config): StartError {
  const trouble = troubleOf(error, { dataDir, file: join(dataDir, sqliteFileName) });
  const why = trouble?.advice ?? (error as Error).message;
  return new StartError(`DATA_DIR: ${why}`, { cause: error });
}
