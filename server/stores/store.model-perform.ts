import type { NewNotice, Store } from '../ports.ts';
import type { ModelCommand } from './store.model-commands.ts';

/** The command with the names that belong to one run alone. */
export function ownNames(command: ModelCommand, own: (name: string) => string): ModelCommand {
  switch (command.do) {
    case 'append':
      return {
        ...command,
        conversation: own(command.conversation),
        ...(command.user === undefined ? {} : { user: own(command.user) }),
        notices: command.notices.map(own),
        ...(command.unless && {
          unless: { ...command.unless, notices: command.unless.notices.map(own) },
        }),
      };
    case 'update':
    case 'handBack':
    case 'note':
    case 'read':
    case 'feedback':
    case 'erase':
      return { ...command, conversation: own(command.conversation) };
    case 'claimNotices':
      return { ...command, channel: own(command.channel) };
    case 'prune':
    case 'claimAnswers':
    case 'noticesDone':
    case 'noticesFailed':
    case 'retryFailed':
    case 'dismissFailed':
      return command;
  }
}

/** Asks a store for what the command says; its answer in the form of the model's. */
export function perform(store: Store, command: ModelCommand, nowMs: number): Promise<unknown> {
  switch (command.do) {
    case 'append': {
      const { id, sender, text, settles, owedTo, user, answering, waiting, unless } = command;
      const notices = (channels: readonly string[]): NewNotice[] =>
        channels.map((name) => ({
          channel: name,
          notBeforeMs: nowMs,
          reason: 'visitor_message',
        }));
      return store.append({
        conversationId: command.conversation,
        facts: { ...(user && { user }), ...(answering && { answering }) },
        ...(waiting && { waiting }),
        ...(unless && {
          unlessAssistant: {
            owedNotices: notices(unless.notices),
            ...(unless.waiting && { waiting: unless.waiting }),
          },
        }),
        takesOver: command.takesOver === true,
        message: { id, sender, text, atMs: nowMs, ...(settles ? { answers: settles } : {}) },
        ...(owedTo === undefined
          ? {}
          : { owedAnswer: { holder: owedTo, untilMs: nowMs + command.leaseMs } }),
        owedNotices: notices(command.notices),
        settlesAnswer: settles !== undefined,
      });
    }
    case 'update':
      return store
        .updateConversation(command.conversation, command.update)
        .then((summary) => summary?.id);
    case 'handBack':
      return store.handBack(command.conversation);
    case 'note':
      return store
        .addNote(command.conversation, { id: command.id, text: command.id, atMs: nowMs })
        .then(({ status }) => status);
    case 'retryFailed':
      return store.retryFailedNotices(nowMs);
    case 'dismissFailed':
      return store.dismissFailedNotices();
    case 'read':
      return store.markRead(command.conversation, command.reader, command.seq);
    case 'feedback':
      return store.setFeedback(command.conversation, command.id, command.value);
    case 'erase':
      return store.erase(command.conversation);
    case 'prune':
      return store.prune(nowMs - command.ageMs);
    case 'claimAnswers': {
      const lease = { holder: command.holder, untilMs: nowMs + command.leaseMs };
      return store
        .claimAnswers({ lease, nowMs, limit: command.limit })
        .then((owed) => owed.map((one) => `${one.conversationId}/${one.questionId}`));
    }
    case 'claimNotices': {
      const lease = { holder: 'me', untilMs: nowMs + command.leaseMs };
      const { channel: name, limit: most } = command;
      return store.claimNotices({ channel: name, lease, nowMs, limit: most }).then((owed) =>
        owed.map(({ noticeId, conversationId, message, attempts }) => ({
          noticeId,
          of: `${conversationId}/${message.id}`,
          attempts,
        })),
      );
    }
    case 'noticesDone':
      return store.noticesDone(command.ids, nowMs);
    case 'noticesFailed': {
      const retryAtMs = command.retryInMs === undefined ? undefined : nowMs + command.retryInMs;
      return store.noticesFailed(command.ids, { retryAtMs, error: 'refused' });
    }
  }
}
