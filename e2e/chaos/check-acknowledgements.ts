/** [D1] What was acknowledged is stored, where the acknowledgement says. [D3] Once. */
import type { Facts } from './check-facts.ts';
import type { Findings } from './check-findings.ts';
import type { HistoryEvent } from './history.ts';

export type Acknowledged = Extract<HistoryEvent, { type: 'acknowledged' }>;

/**
 * @param to.conversation - the one of the session; absent where a client is not told
 * @param to.acknowledged - id → `seq` of what this client has seen acknowledged; grows
 */
export function checkAcknowledgement(
  { id, seq, duplicate }: Acknowledged,
  to: {
    readonly client: string;
    readonly conversation?: string;
    readonly acknowledged: Map<string, number>;
  },
  facts: Facts,
  findings: Findings,
): void {
  const { client, conversation, acknowledged } = to;
  const place = { client, ...(conversation === undefined ? {} : { conversation }), id, seq };
  const before = acknowledged.get(id);
  if (before === undefined) acknowledged.set(id, seq);
  else if (before !== seq) {
    findings.report('D3', 'doubled', place, `acknowledged before with seq ${before}`);
  } else if (!duplicate) {
    findings.report('D3', 'other', place, 'acknowledged a second time, and not as a duplicate');
  }
  if (!facts.typed.has(id)) {
    findings.report('D3', 'other', place, 'acknowledged, though no client typed it');
  }
  if (facts.refused.has(id)) {
    findings.report('D3', 'other', place, `acknowledged and refused: ${facts.refused.get(id)}`);
  }
  const all = facts.rowsById.get(id) ?? [];
  const here = all.filter((row) => conversation === undefined || row.conversation === conversation);
  if (here.length === 0) {
    const elsewhere = all.map((row) => row.conversation).join(', ');
    const what = elsewhere === '' ? 'not stored' : `not stored here, but in ${elsewhere}`;
    findings.report('D1', 'lost', place, `acknowledged and ${what}`);
    return;
  }
  // Of two rows with one id the other is reported where rows are checked.
  if (here.some(({ entry }) => entry.seq === seq)) return;
  const stored = here.map(({ entry }) => entry.seq).join(', ');
  findings.report('D2', 'reordered', place, `acknowledged with this seq and stored as ${stored}`);
}
