/**
 * Readable colours from any accent. Contrast is WCAG's ratio of relative luminances
 * (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio); a colour that lacks it is mixed with black
 * or white, step by step and no further than it takes, so that it stays the owner's colour.
 */

/** Red, green and blue of sRGB, each 0–255. */
export type Rgb = readonly [red: number, green: number, blue: number];

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

const linear = (channel: number): number => {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

/** 0 for black to 1 for white. */
export const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

/** 1 for equal colours to 21 for black on white. */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
  return a > b ? a / b : b / a;
}

/** White where it can be read on this colour, else black: one of the two always has 4.5 : 1. */
export const readableOn = (background: Rgb): Rgb =>
  contrast(white, background) >= 4.5 ? white : black;

/** `share` of the second colour, 0–1. */
const mix = (one: Rgb, other: Rgb, share: number): Rgb => {
  const part = (index: 0 | 1 | 2): number =>
    Math.round(one[index] * (1 - share) + other[index] * share);
  return [part(0), part(1), part(2)];
};

/** The colour, moved only as far as it takes to stand out from a background by this ratio. */
export function standOut(color: Rgb, background: Rgb, ratio: number): Rgb {
  // Away from the background: 0.18 is where black and white stand out alike.
  const end = luminance(background) > 0.18 ? black : white;
  let moved = color;
  for (let share = 0; share <= 1 && contrast(moved, background) < ratio; share += 0.02) {
    moved = mix(color, end, share);
  }
  return contrast(moved, background) < ratio ? end : moved;
}

/** What an accent becomes on a surface. */
export interface Accent {
  /** For filled shapes: 3 : 1 against the surface. */
  readonly fill: Rgb;
  /** For text on `fill`: 4.5 : 1. */
  readonly onFill: Rgb;
  /** For text and icons on the surface: 4.7 : 1. */
  readonly ink: Rgb;
}

/**
 * An accent for a light or a dark surface. In the dark it is mixed with white until it shines
 * enough, by which it loses chroma too: saturated colours glare there.
 */
export function deriveAccent(accent: Rgb, surface: Rgb, dark: boolean): Accent {
  const fill = standOut(accent, surface, dark ? 5.5 : 3);
  return { fill, onFill: readableOn(fill), ink: standOut(accent, surface, dark ? 5.5 : 4.7) };
}

/** A computed colour: `rgb(1, 2, 3)`, `rgba(1, 2, 3, 1)`; `undefined` for any other notation. */
export function parseColor(text: string): Rgb | undefined {
  const parts = /^rgba?\(([\d.]+),? ([\d.]+),? ([\d.]+)/.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : undefined;
}

export const toCss = (color: Rgb): string => `rgb(${color.join(' ')})`;
