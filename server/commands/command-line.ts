import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { backUp, defaultBackupName } from './backup.ts';
import { configuredDataFolder } from './data-folder.ts';
import { exportConversations } from './export.ts';
import { indexUsage, runIndex } from './index-command.ts';

/** One of the commands that run beside a server, or without one. */
export interface Command {
  /** What `--help` prints. */
  readonly usage: string;
  /**
   * @param arguments_ - what follows the command's name
   * @throws StartError with a line for the user; `WrongUsage` where the arguments are wrong
   */
  run(arguments_: readonly string[]): Promise<void>;
}

/** The arguments are none of the command's. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

const backupUsage = `Usage: contact-chat backup [folder]

Copies the data folder while the server runs, or while it is down. The copy is consistent, and is
itself a data folder: to restore it, stop the server, put the copy in the place of DATA_DIR, and
start again.

  folder   where the copy goes; it must not exist, the folder above it must
           default: contact-chat-backup-<time in UTC> in the current folder

DATA_DIR is read from the environment, then from a .env file in this folder; default: ./data
`;

const exportUsage = `Usage: contact-chat export [--conversation <id>]

Prints all conversations as lines of JSON, each followed by its messages, while the server runs or
while it is down. All lines are of one moment.

  --conversation <id>   this conversation only

DATA_DIR is read from the environment, then from a .env file in this folder; default: ./data
`;

export const commands: ReadonlyMap<string, Command> = new Map([
  [
    'backup',
    {
      usage: backupUsage,
      async run(arguments_) {
        const { positionals } = parse(arguments_, {});
        const [name = defaultBackupName(new Date()), ...rest] = positionals;
        if (rest.length > 0 || name === '') throw new WrongUsage('name one folder');
        const { folder, conversations, messages, bytes } = await backUp(
          configuredDataFolder(),
          resolve(name),
        );
        process.stdout.write(
          `Wrote ${folder}: ${conversations} conversations, ${messages} messages, ${bytes} bytes\n`,
        );
      },
    },
  ],
  [
    'export',
    {
      usage: exportUsage,
      async run(arguments_) {
        const { values, positionals } = parse(arguments_, { conversation: { type: 'string' } });
        if (positionals.length > 0) throw new WrongUsage(`"${positionals[0]}" is not understood`);
        const { conversation } = values;
        if (conversation === '') throw new WrongUsage('--conversation needs an id');
        await exportConversations(configuredDataFolder(), process.stdout, {
          conversation: typeof conversation === 'string' ? conversation : undefined,
        });
      },
    },
  ],
  [
    'index',
    {
      usage: indexUsage,
      async run(arguments_) {
        const { values, positionals } = parse(arguments_, {
          verbose: { type: 'boolean' },
          json: { type: 'boolean' },
        });
        const [posts, ...rest] = positionals;
        if (rest.length > 0 || posts === '') throw new WrongUsage('name one folder or address');
        await runIndex(posts, {
          verbose: values['verbose'] === true,
          json: values['json'] === true,
        });
      },
    },
  ],
]);

function parse(
  arguments_: readonly string[],
  options: Record<string, { type: 'string' | 'boolean' }>,
) {
  try {
    return parseArgs({ args: [...arguments_], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new WrongUsage((error as Error).message.split('\n')[0], { cause: error });
  }
}
