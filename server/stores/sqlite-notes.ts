import type { CannedReply } from '../../shared/console-protocol.ts';
import type { InboxStore, Note } from '../inbox-ports.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

interface NoteRow {
  readonly id: string;
  readonly text: string;
  readonly at_ms: number;
}

type NoteResult = Awaited<ReturnType<InboxStore['addNote']>>;

/** What the owner writes for themselves: notes on conversations, and replies kept ready. */
export function sqliteNotes(db: SqliteDatabase, touch: (conversationId: string) => void) {
  const isKnown = db.prepare('SELECT 1 FROM conversations WHERE id = ?');
  const byId = db.prepare<NoteRow>(
    'SELECT id, text, at_ms FROM notes WHERE conversation_id = ? AND id = ?',
  );
  const insert = db.prepare(
    'INSERT INTO notes (conversation_id, id, text, at_ms) VALUES (?, ?, ?, ?)',
  );
  const oldestFirst = db.prepare<NoteRow>(
    'SELECT id, text, at_ms FROM notes WHERE conversation_id = ? ORDER BY at_ms, id',
  );
  const remove = db.prepare('DELETE FROM notes WHERE conversation_id = ? AND id = ?');
  const readCanned = db.prepare<{ replies: string }>('SELECT replies FROM canned_replies');
  const writeCanned = db.prepare(`
    INSERT INTO canned_replies (id, replies) VALUES (1, ?)
    ON CONFLICT (id) DO UPDATE SET replies = excluded.replies`);

  function note(conversationId: string, id: string): Note | undefined {
    const row = byId.get(conversationId, id);
    return row && noteOf(row);
  }

  return {
    note,

    add(conversationId: string, added: Note): NoteResult {
      if (isKnown.get(conversationId) === undefined) return { status: 'unknown' };
      const known = note(conversationId, added.id);
      if (known) {
        return known.text === added.text
          ? { status: 'duplicate', note: known }
          : { status: 'conflict' };
      }
      const { id, text, atMs } = added;
      insert.run(conversationId, id, toStoredText(text), atMs);
      touch(conversationId);
      return { status: 'stored', note: { id, text, atMs } };
    },

    list: (conversationId: string): readonly Note[] => oldestFirst.all(conversationId).map(noteOf),

    remove(conversationId: string, noteId: string): boolean {
      const known = Number(remove.run(conversationId, noteId).changes) > 0;
      if (known) touch(conversationId);
      return known;
    },

    canned(): readonly CannedReply[] {
      const row = readCanned.get();
      return row ? (JSON.parse(row.replies) as CannedReply[]) : [];
    },

    setCanned(replies: readonly CannedReply[]): void {
      writeCanned.run(JSON.stringify(replies.map(({ id, title, text }) => ({ id, title, text }))));
    },
  };
}

const noteOf = (row: NoteRow): Note => ({
  id: row.id,
  text: fromStoredText(row.text),
  atMs: row.at_ms,
});
