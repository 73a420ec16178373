/** What a check found, and how its lines are put together. */

/** Ids of the rules in the delivery specification. */
export type Rule = `D${number}`;

export type FindingKind = 'lost' | 'doubled' | 'reordered' | 'unanswered' | 'other';

export interface Finding {
  /** The rule that was broken. */
  readonly rule: Rule;
  readonly kind: FindingKind;
  /** One readable line: who, which conversation, which message, and what is wrong with it. */
  readonly what: string;
}

/** Where something is wrong. */
export interface Place {
  readonly client?: string;
  readonly page?: string;
  readonly conversation?: string;
  readonly id?: string;
  readonly seq?: number;
}

export interface Findings {
  report(rule: Rule, kind: FindingKind, place: Place, what: string): void;
  /** In the order in which they were reported. */
  readonly list: readonly Finding[];
  /**
   * How many messages were found lost, doubled and so on. One message counts once for a kind,
   * however many rules its loss breaks.
   */
  count(kind: FindingKind): number;
}

const placeNames = ['client', 'page', 'conversation', 'id', 'seq'] as const;
const longestText = 60;

/** A text as a finding quotes it: one line, and not a page long. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > longestText ? `${text.slice(0, longestText)}…` : text);

export function collectFindings(): Findings {
  const list: Finding[] = [];
  const subjects = new Map<FindingKind, Set<string>>();
  return {
    list,
    report(rule, kind, place, what) {
      const where = placeNames.flatMap((name) =>
        place[name] === undefined ? [] : [`${name} ${place[name]}`],
      );
      list.push({ rule, kind, what: `${where.join(', ')}: ${what}` });
      // Ids are unique in a run; where none is known the place stands for the message.
      const subject = place.id ?? where.join();
      const known = subjects.get(kind);
      if (known) known.add(subject);
      else subjects.set(kind, new Set([subject]));
    },
    count: (kind) => subjects.get(kind)?.size ?? 0,
  };
}
