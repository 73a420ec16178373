#!/usr/bin/env node
import { commands, WrongUsage } from './commands/command-line.ts';
import { variables } from './config-variables.ts';
import { version } from './paths.ts';
import { StartError } from './start-error.ts';
import { configure, start } from './start.ts';

const usage = `contact-chat ${version}

Usage: contact-chat [serve]           start the server
       contact-chat index [posts]     show what there is to answer from
       contact-chat backup [folder]   copy the data folder while the server runs
       contact-chat export            print all conversations as lines of JSON
       contact-chat --help            print this text; after a command, its own
       contact-chat --version         print the version

Configuration is read from the environment, then from a .env file in this folder:

${variables.map(({ name, fallback, help }) => `  ${name}\n      ${help}\n      default: ${fallback}`).join('\n')}
`;

/** A process that was told to stop twice ends at once, with what the shell expects of SIGINT. */
const interruptedExitCode = 130;

async function serve(): Promise<void> {
  const { config, logger } = configure();
  const starting = start(config, logger);
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      logger.warn(`${signal} again: ending now; whatever was acknowledged is stored`);
      process.exit(interruptedExitCode);
    }
    stopping = true;
    logger.info(`${signal}: draining; once more ends at once`);
    starting
      .then((server) => server.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.fatal({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'unexpected error');
    process.exit(1);
  });
  process.on('unhandledRejection', (error) => {
    logger.error({ err: error }, 'unexpected rejection');
  });
  await starting;
}

async function runCommand(name: string, arguments_: readonly string[]): Promise<void> {
  const command = commands.get(name);
  if (!command) return;
  if (arguments_.includes('--help') || arguments_.includes('-h')) {
    process.stdout.write(command.usage);
    return;
  }
  try {
    await command.run(arguments_);
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    process.stderr.write(`contact-chat ${name}: ${error.message}\n\n${command.usage}`);
    process.exitCode = 2;
  }
}

async function main(arguments_: readonly string[]): Promise<void> {
  const [command = 'serve', ...rest] = arguments_;
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(usage);
  } else if (command === '--version' || command === '-v') {
    process.stdout.write(`${version}\n`);
  } else if (command === 'serve' && rest.length === 0) {
    await serve();
  } else if (commands.has(command)) {
    await runCommand(command, rest);
  } else {
    const words = arguments_.join(' ');
    process.stderr.write(`contact-chat: unknown command "${words}"; see contact-chat --help\n`);
    process.exitCode = 2;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const line = error instanceof StartError ? error.message : ((error as Error).stack ?? error);
  process.stderr.write(`contact-chat: ${line}\n`);
  process.exit(1);
});
