import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, deriveAccent, parseColor, readableOn, type Rgb } from './contrast.ts';

const channel = fc.integer({ min: 0, max: 255 });
const color: fc.Arbitrary<Rgb> = fc.tuple(channel, channel, channel);

describe('contrast', () => {
  it('is the ratio of WCAG', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
    expect(contrast([1, 2, 3], [1, 2, 3])).toBe(1);
  });

  it('is enough for text on any accent', () => {
    fc.assert(fc.property(color, (accent) => contrast(readableOn(accent), accent) >= 4.5));
  });

  it('is enough for any accent on paper, light and dark', () => {
    fc.assert(
      fc.property(color, fc.boolean(), (accent, dark) => {
        const surface: Rgb = dark ? [22, 24, 29] : [255, 255, 255];
        const { fill, onFill, ink } = deriveAccent(accent, surface, dark);
        expect(contrast(fill, surface)).toBeGreaterThanOrEqual(3);
        expect(contrast(onFill, fill)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(ink, surface)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('leaves an accent alone that can be read already', () => {
    expect(deriveAccent([44, 103, 176], [255, 255, 255], false)).toEqual({
      fill: [44, 103, 176],
      onFill: [255, 255, 255],
      ink: [44, 103, 176],
    });
  });
});

describe('computed colours', () => {
  it('are read as browsers write them', () => {
    expect(parseColor('rgb(1, 2, 3)')).toEqual([1, 2, 3]);
    expect(parseColor('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3]);
    expect(parseColor('oklch(0.7 0.1 200)')).toBeUndefined();
  });
});
