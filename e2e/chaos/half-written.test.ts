import { describe, expect, it } from 'vitest';
import type { Frame } from './client-device.ts';
import { createHalfWritten } from './half-written.ts';

const piece = (index: number, delta: string, id = 'ai:a'): Frame => ({
  ...{ type: 'chat_message_delta', id, index, delta },
});
const whole = (message: string, id = 'ai:a'): Frame => ({ type: 'chat_message', id, message });

describe('what a socket is shown of answers that are being written', () => {
  it.each<[string, readonly Frame[], number]>([
    ['pieces in order', [piece(0, 'a '), piece(1, 'b '), whole('a b')], 0],
    ['an answer that begins anew', [piece(0, 'x'), piece(0, 'a'), piece(1, 'b'), whole('ab')], 0],
    ['two answers', [piece(0, 'a'), piece(0, 'x', 'ai:b'), whole('a'), whole('x', 'ai:b')], 0],
    ['a failure', [piece(0, 'a'), whole('Sorry, no.')], 0],
    ['whole answers alone', [whole('a'), whole('b', 'ai:b')], 0],
    ['a gap', [piece(0, 'a'), piece(2, 'c')], 1],
    ['no beginning', [piece(1, 'b')], 1],
    ['a piece twice', [piece(0, 'a'), piece(1, 'b'), piece(1, 'b')], 1],
    ['another answer’s pieces', [piece(0, 'x'), whole('a')], 1],
    ['a piece after the whole', [piece(0, 'a'), whole('ab'), piece(1, 'b')], 1],
  ])('%s', (_what, frames, wrong) => {
    const found: string[] = [];
    const answers = createHalfWritten((what) => void found.push(what));
    for (const frame of frames) answers.hear(frame);
    expect(found).toHaveLength(wrong);
  });
});
