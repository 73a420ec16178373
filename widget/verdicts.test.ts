import { expect, it } from 'vitest';
import type { ClientMessage } from '../shared/protocol.ts';
import { sayOf, sendVerdicts, verdictOn } from './verdicts.ts';

it('is sent when there is a session, once, in the order of the answers, and may be changed', () => {
  const heard: ClientMessage[] = [];
  const deaf = (): void => undefined;
  const hear = (message: ClientMessage, told: () => void): void => {
    heard.push(message);
    told();
  };
  sayOf('ai:b', 'down');
  sayOf('ai:a', 'up');
  sayOf('ai:b', 'up');
  sendVerdicts(['ai:a', 'ai:b'], deaf);
  sendVerdicts(['ai:a', 'ai:b'], hear);
  sendVerdicts(['ai:a', 'ai:b'], hear);
  expect(heard).toEqual([
    { type: 'feedback', id: 'ai:a', value: 'up' },
    { type: 'feedback', id: 'ai:b', value: 'up' },
  ]);
  sayOf('ai:a', 'up');
  sayOf('ai:b', 'down');
  sendVerdicts(['ai:a', 'ai:b'], hear);
  expect(heard.slice(2)).toEqual([{ type: 'feedback', id: 'ai:b', value: 'down' }]);
  expect([verdictOn('ai:a'), verdictOn('ai:b'), verdictOn('ai:c')]).toEqual([
    'up',
    'down',
    undefined,
  ]);
});

it('is not sent to a conversation that has no such answer', () => {
  const heard: ClientMessage[] = [];
  sayOf('ai:erased', 'up');
  sendVerdicts(['ai:other'], (message, told) => {
    heard.push(message);
    told();
  });
  expect(heard).toEqual([]);
});
