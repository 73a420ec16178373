/** What the parts of the inbox ask for, and what its keys do, in terms of the app that hosts them. */
import { views, type View } from '../../shared/console-protocol.ts';
import type { DraftKind } from '../drafts.ts';
import type { InboxController } from '../inbox-controller.ts';
import { openSummary, type InboxState } from '../inbox-state.ts';
import type { Words } from '../lang/choose.ts';
import { conversationHash, viewHash } from '../route.ts';
import type { ShortcutId } from '../shortcuts.ts';
import type { Question } from './inbox-confirm.ts';
import type { DialogName } from './inbox-dialogs.ts';

export interface AppHost {
  readonly words: Words;
  readonly state: InboxState;
  /** The visitor's pane lies over the conversation. */
  readonly visitorLiesOver: boolean;
  showVisitor(shown: boolean): void;
  openDialog(name: DialogName): void;
  /** @returns whether it shall be done */
  confirm(question: Question): Promise<boolean>;
  walk(steps: 1 | -1): void;
  focusSearch(): void;
  write(kind: DraftKind): void;
}

export interface Detail {
  readonly id: string;
  readonly text: string;
  readonly seq?: number;
  readonly active: boolean;
  readonly name: DialogName;
  readonly kind: DraftKind;
}

export type Requests = Readonly<Record<`inbox-${string}`, (detail: Detail) => unknown>>;

const openId = ({ state }: AppHost): string | undefined =>
  state.route.type === 'conversation' ? state.route.id : undefined;

export function goBack(host: AppHost): void {
  host.showVisitor(false);
  location.hash = viewHash(host.state.view);
}

async function block(host: AppHost, controller: InboxController, id: string): Promise<void> {
  const { act } = host.words;
  const question = { title: act.blockTitle, text: act.blockText, action: act.block, danger: true };
  if (await host.confirm(question)) await controller.block(id);
}

async function remove(host: AppHost, controller: InboxController, id: string): Promise<void> {
  const { act } = host.words;
  const { removeTitle: title, removeText: text, remove: action } = act;
  if (!(await host.confirm({ title, text, action, danger: true }))) return;
  if ((await controller.remove(id)) && openId(host) === id) goBack(host);
}

/** By the name of the event that asks. */
export function requestsOf(host: AppHost, controller: InboxController): Requests {
  /** For the conversation that is open. */
  const forOpen =
    (deed: (id: string, detail: Detail) => unknown) =>
    (detail: Detail): unknown => {
      const id = openId(host);
      return id === undefined ? undefined : deed(id, detail);
    };
  return {
    'inbox-more': () => controller.moreOf(host.state.view),
    'inbox-older': () => controller.older(),
    'inbox-read': () => controller.read(),
    'inbox-reply': forOpen((id, { text }) => controller.reply(id, text)),
    'inbox-note': forOpen((id, { text }) => controller.note(id, text)),
    'inbox-draft': forOpen((id, { kind, text }) => controller.keepDraft(id, kind, text)),
    'inbox-draft-turn': forOpen((id, { kind }) => controller.turnDraft(id, kind)),
    'inbox-typing': forOpen((id, { active }) => controller.typing(id, active)),
    'inbox-retry': forOpen((id, detail) => controller.retry(id, detail.id)),
    'inbox-discard': forOpen((id, detail) => controller.discard(id, detail.id)),
    'inbox-note-remove': forOpen((id, detail) => controller.removeNote(id, detail.id)),
    'inbox-take-over': forOpen((id) => controller.takeOver(id)),
    'inbox-hand-back': forOpen((id) => controller.handBack(id)),
    'inbox-done': forOpen((id) => controller.done(id)),
    'inbox-reopen': forOpen((id) => controller.reopen(id)),
    'inbox-block': forOpen((id) => block(host, controller, id)),
    'inbox-unblock': forOpen((id) => controller.unblock(id)),
    'inbox-remove': forOpen((id) => remove(host, controller, id)),
    'inbox-back': () => goBack(host),
    'inbox-talk-retry': () => controller.retryTalk(),
    'inbox-visitor-open': () => host.showVisitor(true),
    'inbox-visitor-close': () => host.showVisitor(false),
    'inbox-dialog': ({ name }) => host.openDialog(name),
    'inbox-canned-edit': () => host.openDialog('canned-editor'),
    'inbox-open-conversation': ({ id, seq }) => (location.hash = conversationHash(id, seq)),
    // Asked for by the owner: what they wrote does not stay on the device.
    'inbox-logged-out': () => controller.forgetAll(),
  };
}

/** @returns whether the key did something */
export function runShortcut(id: ShortcutId, host: AppHost, controller: InboxController): boolean {
  const open = openId(host);
  const summary = openSummary(host.state);
  switch (id) {
    case 'next':
    case 'previous':
      host.walk(id === 'next' ? 1 : -1);
      return true;
    case 'view1':
    case 'view2':
    case 'view3':
    case 'view4': {
      const view: View = views[Number(id.slice(-1)) - 1] ?? 'waiting';
      location.hash = viewHash(view);
      return true;
    }
    case 'search':
      host.focusSearch();
      return true;
    case 'reply':
    case 'note':
      if (open) host.write(id);
      return open !== undefined;
    case 'takeOver':
      if (!open || !summary) return false;
      // Nobody answers somebody who is blocked.
      if (summary.blocked && summary.answering !== 'owner') return false;
      void (summary.answering === 'owner' ? controller.handBack(open) : controller.takeOver(open));
      return true;
    case 'done':
      if (!open || !summary) return false;
      void (summary.view === 'done' ? controller.reopen(open) : controller.done(open));
      return true;
    case 'escape':
      if (host.visitorLiesOver) host.showVisitor(false);
      else if (open) goBack(host);
      else return false;
      return true;
    case 'help':
      host.openDialog('shortcuts');
      return true;
    case 'canned':
    case 'send':
      return false;
  }
}
