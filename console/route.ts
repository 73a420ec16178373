/** Where in the inbox one is, as the hash of its address: `#/waiting`, `#/c/<conversation id>`. */
import type { View } from '../shared/console-protocol.ts';
import { isView } from './state/inbox.ts';

export type Route =
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'conversation'; readonly id: string; readonly seq?: number };

export function readRoute(hash: string): Route {
  const [, first = '', second = '', third = ''] = hash.replace(/^#/, '').split('/');
  if (first === 'c' && second) {
    let id = second;
    try {
      id = decodeURIComponent(second);
    } catch {
      // As it stands: then there is no such conversation.
    }
    const seq = /^\d{1,15}$/.test(third) ? Number(third) : undefined;
    return { type: 'conversation', id, ...(seq ? { seq } : {}) };
  }
  return { type: 'view', view: isView(first) ? first : 'waiting' };
}

export const viewHash = (view: View): string => `#/${view}`;

/** @param seq - the message to show */
export const conversationHash = (id: string, seq?: number): string =>
  `#/c/${encodeURIComponent(id)}${seq ? `/${seq}` : ''}`;
