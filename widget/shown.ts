/** What is shown of a conversation, and the page's news of how it changes. */
import { initialState, type ChatOptions, type ChatState } from './chat-state.ts';
import { reduce, unreadCount, type TimelineEvent } from './state/timeline.ts';

export interface Shown {
  readonly state: ChatState;
  update(change: Partial<ChatState>): void;
  /** Something happened in the conversation. */
  show(event: TimelineEvent): void;
  /** Shows a sentence of the widget; `key` is its name in `Words.notices`. */
  notice(key: string): void;
  /** Looks again whether the device keeps anything. */
  refresh(): void;
}

export function createShown(
  options: Pick<ChatOptions, 'onChange' | 'onNews'>,
  durable: () => boolean,
): Shown {
  let state = initialState;
  let noticeCount = 0;

  function update(change: Partial<ChatState>): void {
    const before = state;
    state = { ...state, ...change, durable: durable() };
    const unread = unreadCount(state.timeline);
    if (unread !== state.unread) state = { ...state, unread };
    if (state.status !== before.status) {
      options.onNews({ name: 'status', detail: { status: state.status } });
    }
    if (unread !== before.unread) options.onNews({ name: 'unread', detail: { count: unread } });
    options.onChange();
  }

  const show = (event: TimelineEvent): void => update({ timeline: reduce(state.timeline, event) });

  return {
    get state() {
      return state;
    },
    update,
    show,
    notice: (key) => show({ type: 'notice', id: `notice:${(noticeCount += 1)}`, key }),
    refresh() {
      if (durable() !== state.durable) update({});
    },
  };
}
