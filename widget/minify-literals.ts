/**
 * Takes the white space that nobody sees out of `html`, `svg` and `css` literals, which no
 * minifier of JavaScript touches. For the build only. Text in these templates never runs over
 * the end of a line, so a line break outside a tag means nothing.
 */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly tag?: Node & { readonly name?: string };
  readonly quasi?: Node & { readonly quasis: readonly Node[] };
}

interface Transforming {
  parse(code: string): unknown;
}

const collapseCss = (text: string): string =>
  text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/ !important/g, '!important')
    .replace(/\( /g, '(')
    .replace(/ \)/g, ')')
    .replace(/(?<=\w) ([+>]) (?=[a-z:])/g, '$1')
    .replace(/='(\w+)'\]/g, '=$1]')
    .replace(/;}/g, '}')
    .replace(/([ (,:])0\./g, '$1.');

/** Pieces of one HTML template; whether a piece begins inside a tag follows from those before. */
function collapseHtml(pieces: readonly string[]): string[] {
  let inTag = false;
  return pieces.map((piece) =>
    piece.replace(/<|\s*>|\s*\n\s*/g, (match) => {
      const sign = match.trim();
      if (sign) {
        const wasInTag = inTag;
        inTag = sign === '<';
        return wasInTag ? sign : match;
      }
      return inTag ? ' ' : '';
    }),
  );
}

function* taggedTemplates(node: unknown): Generator<Node> {
  if (typeof node !== 'object' || node === null) return;
  if ((node as Node).type === 'TaggedTemplateExpression') yield node as Node;
  for (const child of Object.values(node)) yield* taggedTemplates(child);
}

/** Texts of a module's literals with this tag, `\0` for each value. */
export const literals = (code: string, program: unknown, tag: string): readonly string[] =>
  [...taggedTemplates(program)]
    .filter((literal) => literal.tag?.name === tag)
    .map(({ quasi }) =>
      (quasi?.quasis ?? []).map(({ start, end }) => code.slice(start, end)).join('\0'),
    );

/** A plugin for Vite and Rolldown, which runs after types have been stripped. */
export const minifyLiterals = (): {
  readonly name: string;
  transform(this: Transforming, code: string, id: string): { code: string; map: null } | undefined;
} => ({
  name: 'contact-chat:minify-literals',
  transform(this: Transforming, code: string, id: string): { code: string; map: null } | undefined {
    if (!id.endsWith('.ts') || !/\b(html|svg|css)`/.test(code)) return undefined;
    const edits: { start: number; end: number; text: string }[] = [];
    for (const { tag, quasi } of taggedTemplates(this.parse(code))) {
      const pieces = quasi?.quasis ?? [];
      const texts = pieces.map(({ start, end }) => code.slice(start, end));
      const name = tag?.name ?? '';
      if (!['html', 'svg', 'css'].includes(name)) continue;
      const shorter = name === 'css' ? texts.map(collapseCss) : collapseHtml(texts);
      pieces.forEach(({ start, end }, index) =>
        edits.push({ start, end, text: shorter[index] ?? '' }),
      );
    }
    let result = code;
    for (const { start, end, text } of edits.toSorted((a, b) => b.start - a.start)) {
      result = result.slice(0, start) + text + result.slice(end);
    }
    return { code: result, map: null };
  },
});
