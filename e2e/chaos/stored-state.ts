/** What the store holds in the end, read from outside, with the server stopped. */
import { join } from 'node:path';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { fromStoredText } from '../../server/stores/stored-text.ts';
import type { StoredConversation, StoredEntry } from './history.ts';

export interface StoredState {
  readonly conversations: readonly StoredConversation[];
  /** Contact requests whose notice is still owed and will be tried again: `<conversation> <id>`. */
  readonly owedNotices: ReadonlySet<string>;
  readonly owedAnswers: number;
  /** What SQLite's own check says; `ok` where all is well. */
  readonly integrity: string;
}

interface MessageRow {
  readonly conversation_id: string;
  readonly seq: number;
  readonly id: string;
  readonly sender: string;
  readonly text: string;
  readonly kind: string | null;
  readonly in_reply_to: string | null;
  readonly answers: string | null;
}

/** Resolves when the file has been read whole; rejects where it cannot be. */
export async function readStoredState(dataDir: string): Promise<StoredState> {
  const driver = await loadSqliteDriver();
  const db = driver.open(join(dataDir, 'contact-chat.sqlite'));
  try {
    const byConversation = new Map<string, StoredEntry[]>();
    const rows = db
      .prepare<MessageRow>(
        `SELECT conversation_id, seq, id, sender, text, kind, in_reply_to, answers
         FROM messages ORDER BY conversation_id, seq`,
      )
      .all();
    for (const row of rows) {
      const entry = entryOf(row);
      const messages = byConversation.get(row.conversation_id);
      if (messages) messages.push(entry);
      else byConversation.set(row.conversation_id, [entry]);
    }
    const owed = db
      .prepare<{ conversation_id: string; id: string }>(
        `SELECT n.conversation_id, m.id FROM owed_notices n JOIN messages m
         ON m.conversation_id = n.conversation_id AND m.seq = n.message_seq
         WHERE n.given_up = 0`,
      )
      .all();
    const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM owed_answers').get()?.n;
    const integrity = db.prepare<{ integrity_check: string }>('PRAGMA integrity_check').get();
    return {
      conversations: [...byConversation].map(([id, messages]) => ({ id, messages })),
      owedNotices: new Set(owed.map((one) => `${one.conversation_id} ${one.id}`)),
      owedAnswers: count ?? 0,
      integrity: integrity?.integrity_check ?? 'no answer',
    };
  } finally {
    db.close();
  }
}

const entryOf = (row: MessageRow): StoredEntry => ({
  seq: row.seq,
  id: row.id,
  sender: row.sender,
  text: fromStoredText(row.text),
  ...(row.kind === null ? {} : { kind: row.kind }),
  ...(row.in_reply_to === null ? {} : { inReplyTo: row.in_reply_to }),
  ...(row.answers === null ? {} : { answers: JSON.parse(row.answers) as string[] }),
});
