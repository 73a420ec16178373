/**
 * Leaves out of the build of the scripts what of marked nobody here uses: all that makes HTML, and
 * the dialect of 2004. Its lexer is a third of what it brings, yet minifiers keep the rest, since
 * the module ties it together when it is loaded. The build stops where a text is not found, so
 * that somebody looks at a new version of marked before visitors get it.
 */
import type { Plugin } from 'vite';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly declarations?: readonly { readonly init?: Node | null }[];
}

const original = 'this.options.pedantic';

/**
 * A module of marked without what happens when it is loaded.
 *
 * @throws where it is not built as it was
 */
export function makeLeanMarked(source: string, parse: (code: string) => unknown): string {
  const { body } = parse(source) as { readonly body: readonly Node[] };
  const edits: { start: number; end: number; text: string }[] = [];
  for (const { type, start, end, declarations = [] } of body) {
    // Names hung on the function `marked`.
    if (type === 'ExpressionStatement') edits.push({ start, end, text: '' });
    for (const { init } of declarations) {
      const { type: made, start: at } = init ?? { type: '', start: 0 };
      if (made === 'NewExpression') edits.push({ start: at, end: at, text: '/* @__PURE__ */ ' });
      // Constants made of members of that function.
      if (made === 'MemberExpression' && init) edits.push({ ...init, text: '0' });
    }
  }
  if (edits.length < 10 || !source.includes(original)) {
    throw new Error('marked has changed, see lean-marked.ts');
  }
  let code = source;
  for (const { start, end, text } of edits.toSorted((a, b) => b.start - a.start)) {
    code = code.slice(0, start) + text + code.slice(end);
  }
  return code.replaceAll(original, 'false');
}

export const leanMarked = (): Plugin => ({
  name: 'contact-chat:lean-marked',
  transform: {
    filter: { id: /node_modules\/marked\/lib\/marked\.esm\.js$/ },
    handler(code) {
      return { code: makeLeanMarked(code, (text) => this.parse(text)), map: null };
    },
  },
});
