import { describe, expect, it } from 'vitest';
import { stem } from './stem.ts';

describe('stems', () => {
  // Examples of the paper, where later rules leave them as they are there.
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['cats', 'cat'],
    ['feed', 'feed'],
    ['plastered', 'plaster'],
    ['motoring', 'motor'],
    ['sing', 'sing'],
    ['hopping', 'hop'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['adjustable', 'adjust'],
    ['adoption', 'adopt'],
    ['controlling', 'control'],
    ['rate', 'rate'],
  ])('%s is %s', (word, stemmed) => {
    expect(stem(word)).toBe(stemmed);
  });

  it.each([
    ['deploy', 'deploys', 'deployed', 'deploying'],
    ['write', 'wrote', 'written', 'writing'],
    ['color', 'colour', 'colours', 'coloured'],
    ['neighbor', 'neighbouring', 'neighbors'],
    ['organize', 'organise', 'organised', 'organizing'],
    ['kilometer', 'kilometre', 'kilometres'],
    ['cancel', 'cancelled', 'canceled', 'cancelling'],
    ['index', 'indices', 'indexes'],
  ])('the forms of %s meet', (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it.each(['sqlite3', 'f_locals', '部署', 'übung', 'c++', '', 'go'])('%s stays', (word) => {
    expect(stem(word)).toBe(word);
  });
});

it('the same word has the same stem, however many others there were', () => {
  const before = stem('deployments');
  for (let at = 0; at < 120_000; at += 1)
    stem(
      `word${String.fromCharCode(97 + (at % 26))}${'x'.repeat(at % 9)}${at.toString(26).replace(/\d/g, 'q')}`,
    );
  expect(stem('deployments')).toBe(before);
});
