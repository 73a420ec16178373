import type { Entry } from './timeline.ts';

/**
 * The order in which entries are shown: what the server has numbered by its number; what it has
 * not but dates (broadcasts, notices) after the last message that is not younger; what is on its
 * way last, by when it was begun. Depends on the entries alone, not on when they arrived.
 */
export function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const numbered: Entry[] = [];
  const dated: Entry[] = [];
  const underWay: Entry[] = [];
  for (const entry of entries) {
    if (entry.seq !== undefined) numbered.push(entry);
    else if (entry.delivery === 'sent' && !entry.deltas) dated.push(entry);
    else underWay.push(entry);
  }
  numbered.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  underWay.sort((a, b) => a.atMs - b.atMs);
  dated.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  const ordered = [...numbered];
  for (const entry of dated) {
    const before = ordered.findLastIndex(({ atMs }) => atMs <= entry.atMs);
    ordered.splice(before + 1, 0, entry);
  }
  return [...ordered, ...underWay];
}
