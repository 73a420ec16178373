import { describe } from 'vitest';

import { describeAnswers } from './store.contract-answers.ts';
import { describeCombined } from './store.contract-combined.ts';
import { describeConversations } from './store.contract-conversations.ts';
import { describeInbox } from './store.contract-inbox.ts';
import { describeOwner } from './store.contract-owner.ts';
import { describeRevisions } from './store.contract-revisions.ts';
import { describeSearch } from './store.contract-search.ts';
import type { OpenStore, WithStore } from './store.contract-fixtures.ts';
import { describeMessages } from './store.contract-messages.ts';
import { describeModel } from './store.contract-model.ts';
import { describeOwed } from './store.contract-owed.ts';
import { describePositions } from './store.contract-positions.ts';
import { describeSpend } from './store.contract-spend.ts';
import { describeUnread } from './store.contract-unread.ts';

/** The contract of the `Store` port: every adapter passes it. */
export function describeStore(name: string, open: () => Promise<OpenStore>): void {
  const withStore: WithStore = (test) => async () => {
    const opened = await open();
    try {
      await test(opened);
    } finally {
      await opened.close();
    }
  };
  describe(`${name}: the Store contract`, () => {
    describeMessages(withStore);
    describeConversations(withStore);
    describeOwed(withStore);
    describeCombined(withStore);
    describePositions(withStore);
    describeInbox(withStore);
    describeUnread(withStore);
    describeRevisions(withStore);
    describeOwner(withStore);
    describeSearch(withStore);
    describeAnswers(withStore);
    describeSpend(withStore);
    describeModel(withStore);
  });
}
