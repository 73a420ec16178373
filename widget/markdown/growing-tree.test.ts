import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGrowingTree, withCaret } from './growing-tree.ts';
import { mend } from './half-written.ts';
import { readMarkdown, type Block } from './markdown-tree.ts';

describe('a half-written text', () => {
  it.each([
    // What was begun is closed.
    ['a **bo', 'a **bo**'],
    ['a **bold *it', 'a **bold *it***'],
    ['a ***x', 'a ***x***'],
    ['_a', '_a_'],
    ['~~gone', '~~gone~~'],
    ['run `npm i', 'run `npm i`'],
    ['``a ` b', '``a ` b``'],
    ['**a `b* c', '**a `b* c`**'],
    ['- one\n- **tw', '- one\n- **tw**'],
    ['# A **b', '# A **b**'],
    ['> q *e', '> q *e*'],
    ['**bold ', '**bold**'],
    // Half of what closes, or nothing but what opens.
    ['**bold*', '**bold**'],
    ['a **', 'a '],
    ['a `', 'a '],
    ['a \\', 'a '],
    // Signs that are none.
    ['2 * 3', '2 * 3'],
    ['snake_case_name', 'snake_case_name'],
    ['a \\* b', 'a \\* b'],
    ['**bold** and `code`', '**bold** and `code`'],
    ['**one\n', '**one**'],
    ['**one**\n\ntwo', '**one**\n\ntwo'],
    ['a **b\n\nc', 'a **b\n\nc'],
    // Links and pictures are their words until they lead somewhere.
    ['see [the do', 'see the do'],
    ['see [the docs](https://e.exa', 'see the docs'],
    ['see ![a cat](htt', 'see a cat'],
    ['see [the **do', 'see the **do**'],
    ['`a[0', '`a[0`'],
    // A line that may become a heading, an item, a rule, a fence.
    ['Title\n-', 'Title'],
    ['Text\n##', 'Text'],
    ['Text\n1.', 'Text'],
    ['Text\n``', 'Text'],
    ['- a\n- [', '- a'],
    ['- a\n- [x] b', '- a\n- [x] b'],
    // A table is one from its second row on.
    ['Text\n\n| a |', 'Text'],
    ['| a |\n|-', ''],
    ['| a |\n|-|\n| 1', '| a |\n|-|\n| 1'],
    // Code is what it is.
    ['```js\nconst a = `x', '```js\nconst a = `x'],
    ['```\na ** b\n``', '```\na ** b'],
    ['- x\n  ```\n  a *b', '- x\n  ```\n  a *b'],
    ['```\na\n```\n**b', '```\na\n```\n**b**'],
  ])('%j looks like %j', (text, shown) => {
    expect(mend(text).trimEnd()).toBe(shown.trimEnd());
  });

  it.each(['*', '**a', '_a ', '`', '[', '[a](', '~~', '| a', '\\', '> ', '- ', '```\n', '\n', '#'])(
    'copes with %j, a hundred thousand characters of it',
    (text) => {
      expect(mend(text.repeat(100_000 / text.length)).length).toBeLessThan(300_000);
    },
  );
});

/** Pieces that documents are made of; but for indented code, whose fences are none. */
const piece = fc.constantFrom(
  ...['Some words', ' and more', '\n', '\n\n', '\n\n\n', ' ', '  ', '**', '*', '_', '`'],
  ...['- item', '1. one', '2) two', '+ x', '# Title', '\n---\n', '> said', '```', '```js\n', '~~~'],
  ...['| a | b |', '\n|---|---|\n', '| 1 | 2 |', '[link](https://e.example/)', '<div>', '&amp;'],
  ...['[ ] ', '[x] ', '\\', '!', '===', 'a_b', '- - -', '日本語', '\r\n'],
);
const documents = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('an answer that grows', () => {
  it('looks at every moment as if it were read from its beginning', () => {
    fc.assert(
      fc.property(documents, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (text, steps) => {
        const tree = createGrowingTree();
        for (let end = 0; end < text.length;) {
          end += steps.next().value as number;
          const begun = text.slice(0, end);
          const anew = createGrowingTree().read(begun);
          expect(tree.read(begun)).toEqual(anew);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is, without its caret, what the whole will be, wherever nothing is half written', () => {
    const text =
      'An **answer**.\n\n- one\n- two\n  - three\n\n```js\nlet a = 1;\n```\n\n| a |\n|---|\n| 1 |\n\nEnd.';
    const tree = createGrowingTree();
    let seen: readonly Block[] = [];
    for (let end = 1; end <= text.length; end += 1) seen = tree.read(text.slice(0, end));
    expect(seen).toEqual(withCaret(readMarkdown(text)));
  });

  it('leaves the blocks before the last as they are', () => {
    const tree = createGrowingTree();
    const [first] = tree.read('One *two*.\n\nThree');
    for (const more of [' four', ' four\n\n', ' four\n\n- a', ' four\n\n- a\n\n  b\n\nc']) {
      expect(tree.read(`One *two*.\n\nThree${more}`)[0]).toBe(first);
    }
  });

  it('begins anew where the text does', () => {
    const tree = createGrowingTree();
    tree.read('Old.\n\nWords');
    expect(tree.read('New')).toEqual(withCaret(readMarkdown('New')));
  });

  it('goes on in every kind of block', () => {
    for (const text of ['a', '# a', '- a', '1. a\n   - b', '> a', '| a |\n|-|\n| b |', '***', '']) {
      expect(JSON.stringify(createGrowingTree().read(text))).toContain('"caret"');
    }
    expect(createGrowingTree().read('```\na')).toMatchObject([{ type: 'code', growing: true }]);
  });
});
