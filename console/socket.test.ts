import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConsoleEvent } from '../shared/console-protocol.ts';
import type { SocketLike } from '../widget/environment.ts';
import {
  createConsoleSocket,
  isLoggedOut,
  readConsoleEvent,
  type ConsoleSocket,
} from './socket.ts';

const counts = { waiting: 1, mine: 0, assistant: 0, done: 0, connected: 2 };
const ready = JSON.stringify({ type: 'ready', revision: 7, counts });

interface Line extends SocketLike {
  readonly sent: string[];
  readonly address: string;
}

function start(revision: () => number | undefined): {
  readonly socket: ConsoleSocket;
  readonly lines: Line[];
  readonly heard: ConsoleEvent[];
} {
  const lines: Line[] = [];
  const heard: ConsoleEvent[] = [];
  const socket = createConsoleSocket({
    base: 'https://chat.example.com/base/',
    openSocket(address) {
      const sent: string[] = [];
      const line: Line = {
        address,
        sent,
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (text) => void sent.push(text),
        close: () => undefined,
      };
      lines.push(line);
      return line;
    },
    revision,
    random: () => 0.5,
    online: () => true,
    onEvent: (event) => void heard.push(event),
    onChange: () => undefined,
  });
  socket.dispatch({ type: 'start' });
  return { socket, lines, heard };
}

describe('the console’s socket', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('says first what it knows, and carries nothing before it is greeted', () => {
    let known: number | undefined;
    const { socket, lines, heard } = start(() => known);
    lines[0]?.onopen?.();
    expect(lines[0]?.address).toBe('wss://chat.example.com/base/console/socket');
    expect(lines[0]?.sent).toEqual(['{"type":"hello"}']);
    expect(socket.send({ type: 'presence', active: true })).toBe(false);
    lines[0]?.onmessage?.({ data: ready });
    expect(heard).toEqual([{ type: 'ready', revision: 7, counts }]);
    expect(socket.send({ type: 'presence', active: true })).toBe(true);

    known = 7;
    lines[0]?.onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1_000);
    lines[1]?.onopen?.();
    expect(lines[1]?.sent).toEqual(['{"type":"hello","revision":7}']);
  });

  it('finds out within 8 s that nobody is there any more [D11]', () => {
    const { socket, lines } = start(() => undefined);
    lines[0]?.onopen?.();
    lines[0]?.onmessage?.({ data: ready });
    socket.dispatch({ type: 'wake' });
    expect(lines[0]?.sent.at(-1)).toBe('{"type":"ping"}');
    vi.advanceTimersByTime(8_000);
    expect(socket.connection.phase).toBe('waiting');
  });

  it('stays away where it is not logged in', () => {
    const { socket, lines } = start(() => undefined);
    lines[0]?.onopen?.();
    lines[0]?.onclose?.({ code: 4003 });
    vi.advanceTimersByTime(600_000);
    expect(lines).toHaveLength(1);
    expect(isLoggedOut(socket.connection)).toBe(true);
  });

  it('hears nothing from a line that was given up', () => {
    const { lines, heard } = start(() => undefined);
    lines[0]?.onopen?.();
    lines[0]?.onclose?.({ code: 1001 });
    lines[0]?.onmessage?.({ data: ready });
    expect(heard).toEqual([]);
  });

  it('ignores what it does not understand [D18]', () => {
    for (const frame of ['', '{', 'null', '[]', '{"type":"news"}', '{"type":"__proto__"}', 5]) {
      expect(readConsoleEvent(frame)).toBeUndefined();
    }
    expect(readConsoleEvent('{"type":"ready","revision":"7"}')).toBeUndefined();
    expect(readConsoleEvent('{"type":"refresh","new_field":1}')).toMatchObject({ type: 'refresh' });
  });
});
