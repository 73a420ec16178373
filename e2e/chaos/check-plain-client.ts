/**
 * A client that spoke without `hello`, as the original guide has it: each connection a conversation
 * that it is not told. What it saw is looked up by id, in whatever conversation that stands.
 */
import { checkAcknowledgement } from './check-acknowledgements.ts';
import type { Facts } from './check-facts.ts';
import { quote, type Findings } from './check-findings.ts';
import type { ClientHistory } from './history.ts';

export function checkPlainClient(
  { client, events }: ClientHistory,
  facts: Facts,
  findings: Findings,
): void {
  const acknowledged = new Map<string, number>();
  const received = new Set<string>();
  for (const event of events) {
    if (event.type === 'acknowledged') {
      checkAcknowledgement(event, { client, acknowledged }, facts, findings);
    } else if (event.type === 'received') {
      const { id, seq, text } = event;
      const place = { client, id, seq };
      const rows = facts.rowsById.get(id) ?? [];
      const entry = (rows.find((row) => row.entry.seq === seq) ?? rows[0])?.entry;
      if (received.has(id)) findings.report('D4', 'doubled', place, 'received twice');
      received.add(id);
      if (entry === undefined) {
        findings.report('D1', 'lost', place, `received and not stored: ${quote(text)}`);
      } else if (entry.seq !== seq) {
        findings.report('D2', 'reordered', place, `stored as seq ${entry.seq}`);
        // Citations follow as lines of the text.
      } else if (!text.startsWith(entry.text)) {
        const what = `received as ${quote(text)}, stored as ${quote(entry.text)}`;
        findings.report('D2', 'other', place, what);
      }
    }
  }
}
