/** Forgeries of what the store holds. */
import {
  conversationsOf,
  eventsOf,
  isQuestion,
  rowsOf,
  typedRows,
  type DraftRow,
  type DraftRun,
  type Forgery,
} from './check-forgery.ts';

const append = (rows: DraftRow[], row: Omit<DraftRow, 'seq'>): void =>
  void rows.push({ ...row, seq: rows.length + 1 });

/** Adds an answer to the end, which nobody is said to have seen. */
const answerTo = (rows: DraftRow[], id: string): void =>
  append(rows, { id: `ai:${id}`, sender: 'assistant', text: 'Forged answer', inReplyTo: id });

const acknowledgedRow = (run: DraftRun, pick: Parameters<Forgery['forge']>[1]) => {
  const found = pick(eventsOf(run, 'acknowledged'));
  const rows = rowsOf(run, found?.session?.conversationId);
  return { rows, index: rows.findIndex(({ id }) => id === found?.event.id) };
};

export const forgeriesOfTheStore: readonly Forgery[] = [
  {
    ...{ name: 'an acknowledgement without a row', rule: 'D1', kind: 'lost' },
    forge(run, pick) {
      const { rows, index } = acknowledgedRow(run, pick);
      if (index === -1) return false;
      rows.splice(index, 1);
      for (const [at, row] of rows.entries()) row.seq = at + 1;
      return true;
    },
  },
  {
    ...{ name: 'a row that vanished and left its number', rule: 'D2', kind: 'lost' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      if (rows.length < 2) return false;
      rows.splice(pick([...rows.keys()].slice(0, -1)) ?? 0, 1);
      return true;
    },
  },
  {
    ...{ name: 'a store that has forgotten its end', rule: 'D1', kind: 'lost' },
    forge(run, pick) {
      const { rows, index } = acknowledgedRow(run, pick);
      if (index === -1) return false;
      rows.splice(index);
      return true;
    },
  },
  {
    ...{ name: 'a message stored again under another id', rule: 'D3', kind: 'doubled' },
    forge(run, pick) {
      const conversation = pick(conversationsOf(run));
      const row = pick(conversation ? typedRows(conversation) : []);
      if (!conversation || !row) return false;
      append(conversation.messages, { ...row, id: `${row.id}x` });
      answerTo(conversation.messages, `${row.id}x`);
      return true;
    },
  },
  {
    ...{ name: "a page's message stored again under another id", rule: 'D3', kind: 'doubled' },
    forge(run) {
      const rows = run.stored.find(({ messages }) => messages[0]?.id === 'page-0')?.messages ?? [];
      const [row] = rows;
      if (!row) return false;
      append(rows, { ...row, id: 'page-x' });
      return true;
    },
  },
  {
    ...{ name: 'one id twice in a conversation', rule: 'D3', kind: 'doubled' },
    forge(run, pick) {
      const conversation = pick(conversationsOf(run));
      const row = pick(conversation ? typedRows(conversation) : []);
      if (!conversation || !row) return false;
      append(conversation.messages, { ...row });
      return true;
    },
  },
  {
    ...{ name: 'one id in two conversations', rule: 'D3', kind: 'doubled' },
    forge(run, pick) {
      const [from, to] = conversationsOf(run);
      const row = pick(from ? typedRows(from) : []);
      if (!to || !row) return false;
      append(to.messages, { ...row });
      return true;
    },
  },
  {
    ...{ name: 'numbers that jump', rule: 'D2', kind: 'lost' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      const from = pick([...rows.keys()]);
      if (from === undefined) return false;
      for (const row of rows.slice(from)) row.seq += 1;
      return true;
    },
  },
  {
    ...{ name: 'two rows with one number', rule: 'D2', kind: 'doubled' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      const later = pick(rows.slice(1));
      if (!later) return false;
      later.seq -= 1;
      return true;
    },
  },
  {
    ...{ name: 'rows that changed places', rule: 'D2', kind: 'reordered' },
    forge(run, pick) {
      const { rows, index } = acknowledgedRow(run, pick);
      const other = pick([...rows.keys()].filter((at) => at !== index));
      const row = rows[index];
      const swapped = rows[other ?? -1];
      if (!row || !swapped || other === undefined) return false;
      rows[index] = { ...swapped, seq: row.seq };
      rows[other] = { ...row, seq: swapped.seq };
      return true;
    },
  },
  {
    ...{ name: 'another text than was typed', rule: 'D1', kind: 'other' },
    forge(run, pick) {
      const conversation = pick(conversationsOf(run));
      const row = pick(conversation ? typedRows(conversation) : []);
      if (!row) return false;
      row.text = row.text.slice(0, -1);
      return true;
    },
  },
  {
    ...{ name: 'a request stored as a question', rule: 'D1', kind: 'other' },
    forge(run, pick) {
      const requests = run.stored.flatMap(({ messages }) =>
        messages.filter(({ kind }) => kind === 'contact_request'),
      );
      const row = pick(requests);
      delete row?.kind;
      return row !== undefined;
    },
  },
  {
    ...{ name: 'a row that nobody typed', rule: 'D3', kind: 'other' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      append(rows, { id: 'nobody', sender: 'visitor', text: 'Out of nowhere' });
      answerTo(rows, 'nobody');
      return true;
    },
  },
  {
    ...{ name: 'a row in a conversation of somebody else', rule: 'D3', kind: 'other' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      const text = 'From far away';
      const typed = { type: 'typed', id: 'far-1', text, kind: 'chat_message' } as const;
      run.clients.push({ client: 'far', events: [typed] });
      append(rows, { id: 'far-1', sender: 'visitor', text });
      answerTo(rows, 'far-1');
      return true;
    },
  },
  {
    ...{ name: 'a question without an answer', rule: 'D6', kind: 'unanswered' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      const answer = pick(rows.filter(({ sender }) => sender === 'assistant'));
      if (!answer) return false;
      Object.assign(answer, { sender: 'system' });
      return true;
    },
  },
  {
    ...{ name: 'one question of a burst left out', rule: 'D6', kind: 'unanswered' },
    forge(run) {
      const rows = run.stored.flatMap(({ messages }) => messages);
      const burst = rows.find(({ answers }) => answers !== undefined);
      burst?.answers?.shift();
      return burst !== undefined;
    },
  },
  {
    ...{ name: 'a second answer', rule: 'D6', kind: 'doubled' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      const question = pick(rows.filter(isQuestion));
      if (!question) return false;
      answerTo(rows, question.id);
      return true;
    },
  },
  {
    ...{ name: 'answers in another order than questions', rule: 'D6', kind: 'reordered' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      const answers = rows.filter((row) => row.sender === 'assistant' && !row.answers);
      const [one, two] = [answers.at(-2), answers.at(-1)];
      if (!one || !two) return false;
      const { id, inReplyTo } = one;
      Object.assign(one, { id: two.id, inReplyTo: two.inReplyTo });
      Object.assign(two, { id, inReplyTo });
      return true;
    },
  },
  {
    ...{ name: 'an answer before its question', rule: 'D6', kind: 'reordered' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      const question = pick(rows.filter(isQuestion));
      const answer = rows.find(({ id }) => id === `ai:${question?.id}`);
      if (!question || !answer) return false;
      [question.seq, answer.seq] = [answer.seq, question.seq];
      rows.sort((a, b) => a.seq - b.seq);
      return true;
    },
  },
  {
    ...{ name: 'an answer to a contact request', rule: 'D6', kind: 'other' },
    forge(run, pick) {
      const conversation = pick(
        run.stored.filter(({ messages }) => messages.some(({ kind }) => kind !== undefined)),
      );
      const request = conversation?.messages.find(({ kind }) => kind !== undefined);
      if (!conversation || !request) return false;
      answerTo(conversation.messages, request.id);
      return true;
    },
  },
  {
    ...{ name: 'an answer under a name of its own', rule: 'D6', kind: 'other' },
    forge(run, pick) {
      const rows = pick(conversationsOf(run))?.messages ?? [];
      const answer = pick(rows.filter(({ sender }) => sender === 'assistant'));
      if (!answer) return false;
      answer.id = 'ai:another';
      return true;
    },
  },
];
