import { adoptStyles } from '../adopt-styles.ts';
import { rareCss } from './rare-styles.ts';

const dressed = new WeakSet<ShadowRoot>();

/** Gives the widget around an element the styles of the rare views, once. */
export function dressRareViews(element: Element): void {
  const root = element.getRootNode();
  if (!(root instanceof ShadowRoot) || dressed.has(root)) return;
  dressed.add(root);
  adoptStyles(root, rareCss, root.host.getAttribute('nonce'));
}
