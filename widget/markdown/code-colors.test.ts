import { describe, expect, it } from 'vitest';
import { tokens as inboxTokens } from '../../console/styles/tokens.ts';
import { contrast, type Rgb } from '../contrast.ts';
import { styles } from '../styles.ts';
import { markdownCss } from './markdown-styles.ts';

type Colors = ReadonlyMap<string, string>;

/** Custom properties of a piece of a sheet, by name, the first of each. */
function declared(css: string): Colors {
  const found = [...css.matchAll(/--([\w-]+):\s*([^;]+);/g)];
  return new Map(found.toReversed().map(([, name = '', value = '']) => [name, value]));
}

function hex(color: string): Rgb {
  const digits = /^#(\w{3}|\w{6})$/.exec(color.trim())?.[1];
  if (!digits) throw new Error(`not a colour: ${color}`);
  const pairs = digits.length === 3 ? [...digits].map((one) => one + one) : digits.match(/../g);
  const [red = 0, green = 0, blue = 0] = (pairs ?? []).map((pair) => Number.parseInt(pair, 16));
  return [red, green, blue];
}

/** What a value is under these tokens: a colour, one of the tokens, a mixture of two. */
function colorOf(value: string, tokens: Colors): Rgb {
  const name = /^var\(--([\w-]+)/.exec(value)?.[1];
  // The accent of a page that has chosen none.
  if (name === 'accent' && tokens.get('accent')?.startsWith('var(--fill')) {
    const fill = /(#\w+)\)+$/.exec(tokens.get('fill') ?? '')?.[1] ?? '';
    return hex(fill);
  }
  if (name) {
    const token = tokens.get(name) ?? '';
    return token.startsWith('var(') ? hex(/(#\w+)\)+$/.exec(token)?.[1] ?? '') : hex(token);
  }
  const mixed = /^color-mix\(in srgb, (var\([^)]+\)) (\d+)%, (var\([^)]+\))\)$/.exec(value);
  if (!mixed) return hex(value);
  const [, one = '', percent = '', other = ''] = mixed;
  const [a, b, share] = [colorOf(one, tokens), colorOf(other, tokens), Number(percent) / 100];
  const part = (at: 0 | 1 | 2): number => Math.round(a[at] * share + b[at] * (1 - share));
  return [part(0), part(1), part(2)];
}

const widgetDark = styles.indexOf('.root[data-dark]');
const inbox = inboxTokens.cssText;
const inboxDark = inbox.indexOf('color-scheme: dark');
const lightOfWidget = declared(styles.slice(0, widgetDark));
const themes: readonly (readonly [string, Colors])[] = [
  ['the light widget', lightOfWidget],
  ['the dark widget', new Map([...lightOfWidget, ...declared(styles.slice(widgetDark))])],
  ['the light inbox', declared(inbox.slice(0, inboxDark))],
  ['the dark inbox', declared(inbox.slice(inboxDark))],
];

describe('the colours of code', () => {
  it.each(themes)('can be read on every surface of %s', (_name, tokens) => {
    const colors = [...declared(markdownCss)].filter(([name]) => name.startsWith('c-'));
    expect(colors).toHaveLength(5);
    for (const [name, value] of colors) {
      for (const surface of ['var(--paper)', 'var(--sunken)']) {
        const ratio = contrast(colorOf(value, tokens), colorOf(surface, tokens));
        expect(ratio, `${name} on ${surface}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
