/** The keyboard's map: what the inbox listens to, and what the sheet of shortcuts lists. */
import type { InboxWords } from './lang/en-inbox.ts';

export type ShortcutId =
  | 'next'
  | 'previous'
  | 'view1'
  | 'view2'
  | 'view3'
  | 'view4'
  | 'search'
  | 'reply'
  | 'note'
  | 'canned'
  | 'send'
  | 'takeOver'
  | 'done'
  | 'escape'
  | 'help';

interface Shortcut {
  readonly id: ShortcutId;
  readonly group: 'move' | 'answer' | 'more';
  /** As `KeyboardEvent.key`; `Mod+` is Ctrl, or ⌘ on a Mac. */
  readonly keys: readonly string[];
  /** Listed, but heard elsewhere: by the composer. */
  readonly elsewhere?: boolean;
}

const shortcuts: readonly Shortcut[] = [
  { id: 'next', group: 'move', keys: ['j'] },
  { id: 'previous', group: 'move', keys: ['k'] },
  { id: 'view1', group: 'move', keys: ['1'] },
  { id: 'view2', group: 'move', keys: ['2'] },
  { id: 'view3', group: 'move', keys: ['3'] },
  { id: 'view4', group: 'move', keys: ['4'] },
  { id: 'search', group: 'move', keys: ['/'] },
  { id: 'escape', group: 'move', keys: ['Escape'] },
  { id: 'reply', group: 'answer', keys: ['r'] },
  { id: 'note', group: 'answer', keys: ['n'] },
  { id: 'canned', group: 'answer', keys: ['/'], elsewhere: true },
  { id: 'send', group: 'answer', keys: ['Mod+Enter'], elsewhere: true },
  { id: 'takeOver', group: 'answer', keys: ['t'] },
  { id: 'done', group: 'answer', keys: ['e'] },
  { id: 'help', group: 'more', keys: ['?'] },
];

/** Where keys are typed, none of them is a shortcut. */
const isTyping = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select'));

/** What a key press asks for, unless it is typed into something or belongs to the browser. */
export function shortcutOf(event: KeyboardEvent): ShortcutId | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.isComposing || (event.repeat && event.key !== 'j' && event.key !== 'k'))
    return undefined;
  const path = event.composedPath();
  const [target] = path;
  if (isTyping(target)) return undefined;
  if (path.some((node) => node instanceof HTMLDialogElement && node.open)) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return shortcuts.find(({ keys, elsewhere }) => !elsewhere && keys.includes(key))?.id;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly keys: readonly { readonly keys: readonly string[]; readonly text: string }[];
}

/** The sheet's content. */
export function shortcutGroups({ keys }: InboxWords): readonly ShortcutGroup[] {
  return (['move', 'answer', 'more'] as const).map((group) => ({
    title: keys.groups[group],
    keys: shortcuts
      .filter((shortcut) => shortcut.group === group)
      .map((shortcut) => ({ keys: shortcut.keys, text: keys.names[shortcut.id] })),
  }));
}
