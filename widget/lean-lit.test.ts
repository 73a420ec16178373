import { readFileSync } from 'node:fs';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { leanElement, leanHtml, leanReactive } from './lean-lit-facts.ts';
import { makeLean, missed } from './lean-lit.ts';

const parse = (code: string): unknown => parseSync('lit.js', code).program;
const developed = (module: string): string =>
  readFileSync(`node_modules/${module.replace(/[^/]+$/, 'development/$&')}`, 'utf8');

describe('leaving out of Lit what the widget never uses', () => {
  it.each([
    ['lit-html/lit-html.js', leanHtml],
    ['@lit/reactive-element/reactive-element.js', leanReactive],
    ['lit-element/lit-element.js', leanElement],
  ])('every fact about %s is found in the version that is installed', (module, facts) => {
    const lean = makeLean(developed(module), facts, parse);
    expect(() => parse(lean)).not.toThrow();
    expect(parseSync('lit.js', lean).errors).toEqual([]);
  });

  it('writes facts in everywhere and takes members out', () => {
    const source = 'class Part { now() { return here && here; } later() { return 1; } }';
    const facts = { always: [['here', 'false']] as const, unused: ['Part.later'] };
    expect(makeLean(source, facts, parse)).toBe('class Part { now() { return false && false; }  }');
  });

  it('stops where Lit says something else than it did', () => {
    const facts = { always: [['here', 'false']] as const, unused: ['Part.later'] };
    expect(() => makeLean('class Part { later() {} }', facts, parse)).toThrow('here');
    expect(() => makeLean('class Part { here() {} }', facts, parse)).toThrow('Part.later');
  });
});

describe('what a module may use of Lit', () => {
  it.each([
    '<p class=\0>\0</p>',
    '<p class="a \0 b" ?hidden=\0 .words=\0\n@click=\0 part="b">\0 · \0</p>',
    '<textarea rows="1" aria-label=\0 @input=\0></textarea><p>\0</p>',
    '<input id=\0 name=\0 />',
    '\0\0',
  ])('templates like %j', (template) => {
    expect(missed("import { html, LitElement, nothing } from 'lit';", [template])).toBeUndefined();
  });

  it.each([
    ['a comment', '<p><!-- \0 --></p>'],
    ['single quotes around a value', "<p class='\0'></p>"],
    ['a binding in the name of a tag', '<\0></\0>'],
    ['a binding in the name of a tag', '<p></p-\0>'],
    ['a binding right before />', '<input name=\0/>'],
    ['a binding in text that is not HTML', '<textarea rows="1">\0</textarea>'],
    ['a binding of an element', '<p \0></p>'],
    ['a binding of an element', '<p class="a" @click=\0\n\0 hidden></p>'],
  ])('not %s', (what, template) => {
    expect(missed('', [template])).toBe(what);
  });

  it.each([
    ['svg', "import { html, svg } from 'lit';"],
    ['repeat', "import { repeat } from 'lit/directives/repeat.js';"],
    ['hasChanged', 'const properties = { text: { hasChanged: () => true } };'],
    ['static styles', 'class Part { static styles = []; }'],
  ])('not %s', (what, code) => {
    expect(missed(code, [])).toBe(what);
  });
});
