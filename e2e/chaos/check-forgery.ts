/** What a forgery works with: a correct run that it may change, and dice. */
import type { FindingKind, Rule } from './check-findings.ts';
import type { HistoryEvent, Run } from './history.ts';

export type Draft<Value> = { -readonly [Key in keyof Value]: Draft<Value[Key]> };
export type DraftRun = Draft<Run>;
export type DraftConversation = DraftRun['stored'][number];
export type DraftRow = DraftConversation['messages'][number];
export type DraftClient = DraftRun['clients'][number];
export type EventOf<Type extends HistoryEvent['type']> = Extract<HistoryEvent, { type: Type }>;

/** One of them at random, always the same for the same run. */
export type Pick = <Value>(from: readonly Value[]) => Value | undefined;

/** A lie about a run, and what the checker has to call it. */
export interface Forgery {
  readonly name: string;
  readonly rule: Rule;
  readonly kind: FindingKind;
  /** @returns false where the run has nothing that could be forged like this */
  forge(run: DraftRun, pick: Pick): boolean;
}

/** An event, whose it is, where it stands, and the session that it belongs to. */
export interface Found<Type extends HistoryEvent['type']> {
  readonly client: DraftClient;
  readonly index: number;
  readonly event: Draft<EventOf<Type>>;
  readonly session: EventOf<'session'> | undefined;
}

/** All events of a type, those of plain clients aside. */
export function eventsOf<Type extends HistoryEvent['type']>(
  run: DraftRun,
  type: Type,
  matches: (found: Found<Type>) => boolean = () => true,
): Found<Type>[] {
  const found: Found<Type>[] = [];
  for (const client of run.clients) {
    if (client.plain) continue;
    let session: EventOf<'session'> | undefined;
    for (const [index, event] of client.events.entries()) {
      if (event.type === 'session') session = event;
      if (event.type !== type) continue;
      const one = { client, index, event: event as Draft<EventOf<Type>>, session };
      if (matches(one)) found.push(one);
    }
  }
  return found;
}

export const rowsOf = (run: DraftRun, conversationId: string | undefined): DraftRow[] =>
  run.stored.find(({ id }) => id === conversationId)?.messages ?? [];

/** Conversations in which headless clients speak. */
export const conversationsOf = (run: DraftRun): DraftConversation[] =>
  run.stored.filter(({ messages }) => messages.some(({ id }) => /^c\d+-/.test(id)));

export const isQuestion = ({ sender, kind }: DraftRow): boolean =>
  sender === 'visitor' && kind === undefined;

/** Rows of one conversation that were typed by headless clients. */
export const typedRows = ({ messages }: DraftConversation): DraftRow[] =>
  messages.filter(({ id }) => /^c\d+-/.test(id));

/** Whether a client typed this itself. */
export const isOwn = (client: DraftClient, id: string): boolean =>
  client.events.some((event) => event.type === 'typed' && event.id === id);
