/** From rows that are owed to what the owner is told. */
import { createHash } from 'node:crypto';
import type { Notice } from '../notifier-ports.ts';
import type { NoticeReason, OwedNotice } from '../ports.ts';

/** The strongest reason of several: somebody who waits for an answer comes first. */
const reasons: readonly NoticeReason[] = ['contact_request', 'human_request', 'visitor_message'];

/**
 * Joins what is owed for one conversation on one channel.
 *
 * The id stands for exactly these rows: the same rows tried again have the same id, so that a
 * receiver drops a double; a retry that has grown by a row has another, so that no receiver drops
 * the new message together with a double. Such a receiver knows the old messages by their ids.
 *
 * @param rows - at least one, all of the same channel and conversation
 * @param publicUrl - with or without a slash at its end
 * @param heldBack - what waits on this channel beside these rows; no part of the id
 */
export function joinNotices(
  rows: readonly [OwedNotice, ...OwedNotice[]],
  publicUrl: string,
  heldBack?: Notice['heldBack'],
): Notice {
  const { channel, conversationId, lang } = rows[0];
  const bySeq = new Map(rows.map((row) => [row.message.seq, row]));
  const messages = [...bySeq.values()]
    .sort((a, b) => a.message.seq - b.message.seq)
    .map(({ message, contact }) => ({
      id: message.id,
      seq: message.seq,
      // A sentence of ours is no news: it stands for a visitor who pressed a button.
      text: message.sender === 'visitor' ? message.text : '',
      atMs: message.atMs,
      contact,
    }));
  const covered = [...rows]
    .sort((a, b) => a.noticeId - b.noticeId)
    .map(({ noticeId, message }) => [noticeId, message.seq]);
  return {
    // Row ids alone start over with a new data folder, and a store may use them twice.
    id: createHash('sha256')
      .update(JSON.stringify([channel, conversationId, covered]))
      .digest('hex')
      .slice(0, 32),
    reason: reasons.find((reason) => rows.some((row) => row.reason === reason)) ?? rows[0].reason,
    conversationId,
    url: `${publicUrl.replace(/\/+$/, '')}/console#/c/${encodeURIComponent(conversationId)}`,
    messages,
    ...(lang === undefined ? {} : { lang }),
    ...(heldBack === undefined ? {} : { heldBack }),
  };
}
