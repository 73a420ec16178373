import type { Identity } from '../shared/protocol.ts';
import type { Delivery } from './delivery.ts';
import type { Draft } from './draft.ts';
import { acceptable } from './introduce.ts';
import type { Visitor } from './visitor.ts';

/**
 * From now on the page names this user. Whoever was nobody in particular takes along what was
 * typed here; what another user typed is put away.
 *
 * @returns whether it is another user than before
 */
export function signIn(
  next: Identity | undefined,
  visitor: Visitor,
  draft: Draft,
  delivery: Delivery,
): boolean {
  const identity = next && acceptable(next);
  const from = visitor.user;
  const another = identity !== undefined && identity.user !== from;
  const typed = another && from === undefined ? draft.take() : '';
  visitor.identity = identity;
  if (!another) return false;
  draft.forget();
  draft.type(typed);
  delivery.meet(from === undefined);
  return true;
}
