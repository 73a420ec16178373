import { describe, expect, it } from 'vitest';
import type { ClientMessage } from '../shared/protocol.ts';
import { browserEnvironment } from './environment.ts';
import type { TimelineEvent } from './state/timeline.ts';
import { createTyping } from './typing.ts';

function begin() {
  let nowMs = 10_000;
  const sent: ClientMessage[] = [];
  const shown: TimelineEvent[] = [];
  const due = new Set<() => void>();
  const typing = createTyping(
    {
      ...browserEnvironment,
      nowMs: () => nowMs,
      after(_, callback) {
        due.add(callback);
        return () => void due.delete(callback);
      },
    },
    (message) => sent.push(message) > 0,
    (event) => shown.push(event),
  );
  return { typing, sent, shown, due, pass: (ms: number) => (nowMs += ms) };
}

describe('typing', () => {
  it('is told once in 3 s, and its end once', () => {
    const { typing, sent, pass } = begin();
    typing.tell(false);
    typing.tell(true);
    typing.tell(true);
    pass(3_000);
    typing.tell(true);
    typing.tell(false);
    typing.tell(false);
    expect(sent.map((message) => message.type === 'typing' && message.active)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('of others ends by itself, unless it goes on', () => {
    const { typing, shown, due } = begin();
    typing.heard('owner', true);
    typing.heard('owner', true);
    expect(due.size).toBe(1);
    for (const callback of due) callback();
    expect(shown.at(-1)).toEqual({ type: 'typing', sender: 'owner', active: false });
    typing.heard('owner', true);
    typing.stop();
    expect(due.size).toBe(0);
  });
});
