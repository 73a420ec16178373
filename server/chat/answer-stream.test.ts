import { describe, expect, it } from 'vitest';
import { createLocalBus } from '../buses/local.ts';
import { createDrivenTime } from '../notifiers/driven-time.ts';
import { createAnswerStream, maxPieceChars } from './answer-stream.ts';

function streamed() {
  const time = createDrivenTime(0);
  const bus = createLocalBus(() => undefined);
  const pieces: string[] = [];
  bus.subscribe((event) => {
    if (event.type === 'delta') pieces.push(`${event.index} ${event.delta}`);
  });
  let told = 0;
  const stream = createAnswerStream({
    ...{ bus, timers: time.timers, conversationId: 'c', id: 'ai:a', inReplyTo: 'a' },
    onPiece: () => void (told += 1),
  });
  return { ...time, ...stream, pieces, told: () => told };
}

describe('an answer that is being written', () => {
  it('is shown from the first word on, then what has come in 50 ms', async () => {
    const { progress, pieces, advance, shown, told } = streamed();
    progress.delta('');
    expect(pieces).toEqual([]);
    for (const word of ['The ', 'answer ', 'is ']) progress.delta(word);
    expect(pieces).toEqual(['0 The ']);
    await advance(49);
    expect(pieces).toHaveLength(1);
    await advance(1);
    expect(pieces).toEqual(['0 The ', '1 answer is ']);
    await advance(1_000);
    progress.delta('42.');
    expect(pieces.at(-1)).toBe('2 42.');
    expect([shown(), told()]).toEqual(['The answer is 42.'.length, 3]);
  });

  it('begins anew where the answerer does, without what was not shown yet', async () => {
    const { progress, pieces, advance, shown } = streamed();
    progress.delta('Wrong');
    progress.delta(' and more');
    progress.restart();
    expect(shown()).toBe(0);
    progress.delta('Right');
    await advance(50);
    expect(pieces).toEqual(['0 Wrong', '0 Right']);
  });

  it('is not shown any more once it has ended', async () => {
    const { progress, pieces, advance, end } = streamed();
    progress.delta('a');
    progress.delta('b');
    end();
    progress.delta('c');
    await advance(1_000);
    expect(pieces).toEqual(['0 a']);
  });

  it('is cut into pieces between characters, and neither these nor all of it are endless', async () => {
    const { progress, pieces, advance, shown } = streamed();
    progress.delta(`${'x'.repeat(maxPieceChars - 1)}👋`);
    progress.delta('\ud83d');
    await advance(50);
    progress.delta('\udc4b');
    await advance(50);
    const texts = pieces.map((piece) => piece.slice(2));
    expect(texts).toEqual(['x'.repeat(maxPieceChars - 1), '👋', '👋']);
    for (let count = 0; count < 50; count += 1) progress.delta('y'.repeat(10_000));
    await advance(10_000);
    expect(shown()).toBe(64_000);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(maxPieceChars + 10);
  });
});
