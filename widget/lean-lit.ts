/**
 * Leaves out of the build of the script what of Lit the widget never uses: directives, templates
 * of SVG, bindings in comments, style sheets, hooks for polyfills. Two kilobytes less for
 * visitors, and no trace for another Lit on the page.
 *
 * It takes Lit's readable sources instead of its minified ones, writes into them what is always
 * so here (`lean-lit-facts.ts`), and the minifier removes what can then never run. The build
 * stops where a text is not found, so that somebody looks at a new version of Lit before
 * visitors get it, and where the widget uses something of Lit that is not there any more.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { leanElement, leanHtml, leanReactive, type Lean } from './lean-lit-facts.ts';
import { literals } from './minify-literals.ts';

const lean: readonly (readonly [module: string, facts: Lean])[] = [
  ['lit-html/lit-html.js', leanHtml],
  ['@lit/reactive-element/reactive-element.js', leanReactive],
  ['lit-element/lit-element.js', leanElement],
];

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name?: string };
  readonly key?: { readonly name?: string };
  readonly declaration?: Node;
  readonly body?: Node | readonly Node[];
}

const nodesIn = (node: Node | undefined): readonly Node[] =>
  Array.isArray(node?.body) ? (node.body as readonly Node[]) : [];

/** Members of the classes at the top of a module, as `Class.member`. */
function* members(program: Node): Generator<readonly [name: string, member: Node]> {
  for (const statement of nodesIn(program)) {
    const declared = statement.declaration ?? statement;
    if (declared.type !== 'ClassDeclaration') continue;
    for (const member of nodesIn(declared.body as Node)) {
      yield [`${declared.id?.name ?? ''}.${member.key?.name ?? ''}`, member];
    }
  }
}

const changed = (what: string): Error =>
  new Error(`Lit has changed, see lean-lit-facts.ts: ${what}`);

/**
 * A module of Lit with these facts written into it.
 *
 * @throws where something that they speak of is not in the source
 */
export function makeLean(source: string, facts: Lean, parse: (code: string) => unknown): string {
  let code = source;
  for (const [text, always] of facts.always) {
    if (!code.includes(text)) throw changed(text);
    code = code.replaceAll(text, always);
  }
  const unused = new Set(facts.unused);
  for (const [name, { start, end }] of [...members(parse(code) as Node)].toReversed()) {
    if (unused.delete(name)) code = code.slice(0, start) + code.slice(end);
  }
  for (const name of unused) throw changed(name);
  return code;
}

const imports = /\bimport\s*\{([^}]*)\}\s*from\s*["'](lit\b[^"']*)["']/g;
const kept = ['html', 'nothing', 'LitElement'];
/** Options of properties, and methods, that the facts say nobody uses. */
const gone =
  /\b(converter|hasChanged|noAccessor|useDefault|shouldUpdate|getUpdateComplete|hostUpdated?|removeController|static styles)\b/;

const inTemplates: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a comment', /<!--/],
  ['single quotes around a value', /='/],
  ['a binding in the name of a tag', /<\/?[\w-]*\0/],
  ['a binding right before />', /\0\/>/],
  ['a binding in text that is not HTML', /<(script|style|textarea|title)\b[^>]*>[^<]*\0/],
  ['a binding of an element', /<[a-z][\w-]*(?:\s+[^\s=>"\0]+(?:=(?:"[^"]*"|[^\s">]*))?)*\s+\0/],
];

/**
 * What a module uses of Lit that is not in the script, or `undefined`.
 *
 * @param templates - its HTML literals, `\0` for each value
 */
export function missed(code: string, templates: readonly string[]): string | undefined {
  for (const [, names = '', module = ''] of code.matchAll(imports)) {
    const other = names.split(/[\s,]+/).find((name) => name && !kept.includes(name));
    if (other) return other;
    if (module !== 'lit') return module;
  }
  for (const template of templates) {
    for (const [what, pattern] of inTemplates) if (pattern.test(template)) return what;
  }
  return gone.exec(code)?.[0];
}

export const leanLit = (): Plugin => ({
  name: 'contact-chat:lean-lit',
  load(id) {
    if (/@lit\/reactive-element\/(\w+\/)*css-tag\.js$/.test(id)) return 'export {}';
    const facts = lean.find(([module]) => id.endsWith(`node_modules/${module}`))?.[1];
    if (!facts) return undefined;
    const source = readFileSync(id.replace(/[^/]+$/, 'development/$&'), 'utf8');
    return makeLean(source, facts, (code) => this.parse(code));
  },
  transform(code, id) {
    if (id.includes('node_modules')) return;
    const what = missed(code, literals(code, this.parse(code), 'html'));
    if (what) this.error(`${id} uses ${what}, which lean-lit-facts.ts takes out of the script`);
  },
});
