/**
 * Five ways to break the delivery contract, each a few words of code. A chaos run that does not
 * notice one of them is not worth much.
 */
import type { Rule } from './check-findings.ts';

/** Replaces the one place in a file where `find` stands. */
export interface Patch {
  /** From the root of the tree. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  readonly name: string;
  /** What is wrong with the code, for people. */
  readonly breaks: string;
  readonly patches: readonly Patch[];
  /** It counts as caught where one of these was found broken. */
  readonly expected: readonly Rule[];
}

export const mutants: readonly Mutant[] = [
  {
    name: 'ack before commit',
    breaks: 'a message is acknowledged when it is written and committed a moment later',
    patches: [
      {
        file: 'server/stores/group-commit.ts',
        find: `    database().exec('COMMIT');`,
        replace: `    late ??= setTimeout(() => {
      late = undefined;
      try {
        database().exec('COMMIT');
      } catch {
        // Too late.
      }
    }, 200);`,
      },
      {
        file: 'server/stores/group-commit.ts',
        find: `  function beginAfresh(): void {`,
        replace: `  let late: NodeJS.Timeout | undefined;
  function beginAfresh(): void {
    if (late !== undefined) return;`,
      },
    ],
    expected: ['D1', 'D2'],
  },
  {
    name: 'no dedupe',
    breaks: 'an id that is known is stored again',
    patches: [
      {
        file: 'server/stores/migrations.ts',
        find: `(conversation_id, seq),
    UNIQUE (conversation_id, id)`,
        replace: `(conversation_id, seq)`,
      },
      {
        file: 'server/stores/sqlite-append.ts',
        find: `
    ON CONFLICT (conversation_id, id) DO NOTHING`,
        replace: '',
      },
    ],
    expected: ['D3'],
  },
  {
    name: 'resume off by one',
    breaks: 'a client that comes back misses the first message after its position',
    patches: [
      {
        file: 'server/chat/open-conversation.ts',
        find: `cursor: resumed ? position : 0`,
        replace: `cursor: resumed ? position + 1 : 0`,
      },
    ],
    expected: ['D4', 'D5'],
  },
  {
    name: 'lost lease',
    breaks: 'an answer that a dead process owed is never taken up again',
    patches: [
      {
        file: 'server/stores/sqlite-owed.ts',
        find: `WHERE lease_until_ms <= ?1 AND question_seq <`,
        replace: `WHERE holder = ?2 AND lease_until_ms <= ?1 AND question_seq <`,
      },
    ],
    expected: ['D6'],
  },
  {
    name: 'outbox cleared on send',
    breaks: 'the widget forgets a message when it is sent, not when it is acknowledged',
    patches: [
      {
        file: 'widget/delivery.ts',
        find: `      inFlight.add(message.id);`,
        replace: `      settle(message.id);`,
      },
    ],
    expected: ['D8'],
  },
];

/**
 * The text of a file after a patch.
 *
 * @throws where `find` does not stand in it exactly once: the code has changed, and the patch has
 * to change with it
 */
export function patched(text: string, { file, find, replace }: Patch): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  const times = parts.length === 1 ? 'not' : `${parts.length - 1} times`;
  throw new Error(`${file}: the place to break is ${times} there:\n${find}`);
}
