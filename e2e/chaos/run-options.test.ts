import { describe, expect, it } from 'vitest';
import { parseRunOptions } from './run-options.ts';

describe('the options of a chaos run', () => {
  it('have defaults, and a seed of their own', () => {
    expect(parseRunOptions([], () => 42)).toEqual({
      durationMs: 60_000,
      clients: 200,
      pages: 5,
      seed: 42,
      transport: undefined,
      answerer: 'retrieval',
    });
  });

  it('are read', () => {
    const given =
      '--minutes 10 --clients 60 --pages 0 --seed 0 --transport ws --answerer http'.split(' ');
    expect(parseRunOptions(given)).toEqual({
      durationMs: 600_000,
      clients: 60,
      pages: 0,
      seed: 0,
      transport: 'ws',
      answerer: 'http',
    });
    expect(parseRunOptions(['--seconds', '45']).durationMs).toBe(45_000);
  });

  it.each([
    ['--minute 1', '"--minute" is not known'],
    ['--minutes', 'needs a value'],
    ['--minutes ten', 'not "ten"'],
    ['--clients -5', 'not "-5"'],
    ['--clients 0', 'from 1'],
    ['--seed 1 --seed 2', 'twice'],
    ['--minutes 1 --seconds 1', 'not both'],
    ['--transport tcp', 'ws or uws'],
    ['--answerer oracle', 'retrieval or http'],
  ])('are refused where they make no sense: %s', (line, why) => {
    expect(() => parseRunOptions(line.split(' '))).toThrow(why);
  });
});
