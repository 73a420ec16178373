import { LitElement } from 'lit';
import type { ClientMessage } from '../../shared/protocol.ts';
import type { Pending } from '../outbox.ts';

/**
 * A piece of the panel. It renders into itself, not into a shadow root of its own, so that the
 * whole widget is one tree: one sheet of styles, `::part` and labels by id work throughout.
 * Properties come down; what the visitor wants goes up as an event of type `ask`.
 */
export class PartElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected ask<Name extends keyof Wishes>(name: Name, ...given: Parameters<Wishes[Name]>): void {
    this.dispatchEvent(new CustomEvent('ask', { detail: [name, given], bubbles: true }));
  }
}

/** What the visitor can want, and what goes with it. */
export interface Wishes {
  /** @param taken - called at once, unless as much waits already as may */
  send(text: string, taken?: () => void): void;
  draft(text: string): void;
  contact(request: Pending['message']): void;
  retry(id: string): void;
  discard(id: string): void;
  older(): void;
  /** @param told - called at once, if it went out */
  tell(message: ClientMessage, told: () => void): void;
  show(view: View): void;
  erase(): void;
  handBack(): void;
  connect(): void;
  close(): void;
}

/** What takes the place below the header: the conversation, the form, the question. */
export type View = 'chat' | 'contact' | 'erase';
