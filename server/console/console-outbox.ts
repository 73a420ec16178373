/** What goes to one console, as fast as it reads and in bounded memory. */
import type { Timers } from '../ports.ts';
import type { Socket } from '../transport-ports.ts';

/** More than this is not left to the socket at once, in bytes. */
const fullBytes = 256 * 1024;
/** A console that lets so much wait does not read, in bytes. */
const tooMuchBytes = 1024 * 1024;
/** Events in order that wait until the socket has room. */
const maxWaiting = 20_000;
/** How soon a full socket is looked at again where nobody reports that it drained, in milliseconds. */
const lookMs = 100;
/** So many are sent in one turn of the event loop, so that others get theirs in between. */
const slice = 500;

export interface ConsoleOutbox {
  /** Sends the first frame; until then everything waits. */
  begin(first: string): void;
  /** Sends what is small and stands by itself. */
  send(text: string): void;
  /** Sends behind all that was given here before; the text is made when its turn comes. */
  sendInOrder(text: () => string): void;
  /** The same for many: one after the other is asked for while there is room, until none is left. */
  sendEachInOrder(next: () => string | undefined): void;
  /** The socket has room again. */
  drained(): void;
  /** Whether something waits that cannot be sent since the last call. */
  isStuck(): boolean;
  /** Sends nothing any more. */
  close(): void;
}

/** @param onTooSlow - the console does not read; called once, nothing is sent afterwards */
export function createConsoleOutbox(
  socket: Socket,
  timers: Timers,
  onTooSlow: () => void,
): ConsoleOutbox {
  let begun = false;
  let closed = false;
  let held: string[] = [];
  let heldChars = 0;
  let waiting: { readonly make: () => string | undefined; readonly many: boolean }[] = [];
  let next = 0;
  let sent = 0;
  let sentAtLastLook = 0;
  let cancelLook: (() => void) | undefined;
  /** After a slice, until the next turn. */
  let resting = false;

  function close(): void {
    closed = true;
    held = [];
    waiting = [];
    next = 0;
    cancelLook?.();
  }

  function tooSlow(): void {
    if (closed) return;
    close();
    onTooSlow();
  }

  function send(text: string): void {
    if (closed) return;
    if (begun) {
      socket.send(text);
      sent += 1;
      if (socket.bufferedBytes() > tooMuchBytes) tooSlow();
      return;
    }
    held.push(text);
    heldChars += text.length;
    if (heldChars > tooMuchBytes) tooSlow();
  }

  function pump(): void {
    if (!begun || resting) return;
    let made = 0;
    while (next < waiting.length && made < slice && socket.bufferedBytes() < fullBytes) {
      const text = waiting[next]?.make();
      made += 1;
      if (!waiting[next]?.many || text === undefined) next += 1;
      if (text !== undefined) send(text);
      if (closed) return;
    }
    if (next === waiting.length) {
      waiting = [];
      next = 0;
      return;
    }
    if (made === slice) {
      resting = true;
      cancelLook?.();
      cancelLook = undefined;
    }
    cancelLook ??= timers.after(resting ? 0 : lookMs, () => {
      cancelLook = undefined;
      resting = false;
      pump();
    });
  }

  function wait(item: (typeof waiting)[number]): void {
    if (closed) return;
    waiting.push(item);
    if (waiting.length - next > maxWaiting) tooSlow();
    else pump();
  }

  return {
    begin(first) {
      begun = true;
      send(first);
      const before = held;
      held = [];
      for (const text of before) send(text);
      pump();
    },
    send,
    sendInOrder: (text) => wait({ make: text, many: false }),
    sendEachInOrder: (each) => wait({ make: each, many: true }),
    drained: pump,
    isStuck() {
      pump();
      const stuck = next < waiting.length && sent === sentAtLastLook;
      sentAtLastLook = sent;
      return stuck;
    },
    close,
  };
}
