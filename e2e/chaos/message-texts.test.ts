import { expect, it } from 'vitest';
import { decodeClientMessage } from '../../shared/codec.ts';
import { isHumanRequest } from '../../server/chat/human-request.ts';
import { messageText } from './message-texts.ts';
import { createRandom } from './random.ts';

it('texts of visitors are unique, valid, and no wish for a person', () => {
  const random = createRandom(5);
  const texts = Array.from({ length: 2_000 }, (_, index) =>
    messageText(`c${index}`, random, index % 50 === 0 ? 'long' : 'mixed'),
  );
  expect(new Set(texts).size).toBe(texts.length);
  const lengths = texts.map((text) => [...text].length);
  expect(Math.max(...lengths)).toBe(4_000);
  expect(lengths.filter((length) => length === 4_000).length).toBeGreaterThan(40);
  for (const message of texts) {
    const timestamp = '2026-01-01T00:00:00Z';
    const frame = JSON.stringify({ type: 'chat_message', message, timestamp });
    expect(decodeClientMessage(frame).ok).toBe(true);
    expect(message.trim()).toBe(message);
    expect(isHumanRequest(message)).toBe(false);
  }
});
