/** Reads the lists page by page. */
import type { View } from '../shared/console-protocol.ts';
import type { Api } from './api.ts';
import type { InboxState } from './inbox-state.ts';
import type { InboxAction } from './state/inbox.ts';

export interface ListsOptions {
  readonly api: Pick<Api, 'conversations'>;
  state(): InboxState;
  apply(action: InboxAction): void;
  patch(change: Partial<InboxState>): void;
}

export interface Lists {
  /** The first page, unless it is here. */
  load(view: View): void;
  /** The next page, if there is one. */
  more(view: View): void;
  /** What was being read is about lists that are void now. */
  restart(): void;
}

const pageSize = 100;

export function createLists({ api, state, apply, patch }: ListsOptions): Lists {
  let round = 0;
  const busy = new Set<View>();

  const mark = (view: View, failed: boolean): void => {
    const others = [...state().failed].filter((one) => one !== view);
    patch({ loading: new Set(busy), failed: new Set(failed ? [...others, view] : others) });
  };

  async function read(view: View): Promise<void> {
    const { loaded, cursor } = state().inbox.pages[view];
    if (busy.has(view) || (loaded && cursor === undefined)) return;
    const mine = round;
    busy.add(view);
    mark(view, false);
    try {
      const before = loaded ? cursor : undefined;
      const page = { limit: pageSize, ...(before === undefined ? {} : { before }) };
      const list = await api.conversations(view, page);
      if (mine !== round) return;
      busy.delete(view);
      apply({ type: 'page', view, list, ...(before === undefined ? {} : { before }) });
      mark(view, false);
    } catch {
      if (mine !== round) return;
      busy.delete(view);
      mark(view, true);
    }
  }

  return {
    load: (view) => void (state().inbox.pages[view].loaded || void read(view)),
    more: (view) => void read(view),
    restart() {
      round += 1;
      busy.clear();
      patch({ loading: new Set(), failed: new Set() });
    },
  };
}
