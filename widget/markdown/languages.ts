/** What stands out in the languages that posts about software show. */
export interface Language {
  /** What readers call it. */
  readonly label: string;
  /** How its code is taken apart; absent where it is shown as it is. */
  readonly family?: Family;
}

/**
 * Patterns of a family of languages, each linear: none looks back, and none can match the same
 * text in two ways. One that is absent matches nothing.
 */
export interface Family {
  readonly comment?: string;
  readonly string?: string;
  readonly number?: string;
  /** Keys, variables, flags. */
  readonly name?: string;
  /** What is looked up among the keywords. */
  readonly word: string;
  readonly keywords: ReadonlySet<string>;
  /** Whether keywords count in capitals too. */
  readonly anyCase?: true;
  /** Markup: all but comments stands out inside tags only. */
  readonly tags?: true;
}

const lineComment = '//[^\\n]*';
const blockComment = '/\\*[^]*?(?:\\*/|$)';
const hashComment = '#[^\\n]*';
const doubleQuoted = '"(?:\\\\[^]|[^"\\\\\\n])*"?';
const singleQuoted = "'(?:\\\\[^]|[^'\\\\\\n])*'?";
const backQuoted = '`(?:\\\\[^]|[^`\\\\])*`?';
const number = '(?:0[xXbBoO][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\w*';
const word = '[\\p{L}_$][\\p{L}\\p{N}_$]*';
const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const script: Family = {
  comment: `${lineComment}|${blockComment}`,
  string: `${doubleQuoted}|${singleQuoted}|${backQuoted}`,
  number,
  word,
  keywords: words(
    'as async await break case catch class const continue declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface keyof let namespace new null of private protected public readonly return satisfies set static super switch this throw true try type typeof undefined var void while with yield',
  ),
};

const compiled: Family = {
  ...script,
  // A lone quote is a lifetime in Rust.
  string: `${doubleQuoted}|'(?:\\\\[^]|[^'\\\\\\n])'|${backQuoted}`,
  keywords: words(
    'abstract as async auto await bool boolean break byte case catch chan char class const continue crate def default defer delete do double dyn elif else enum explicit export extends extern false final finally float fn for foreach fun func function go goto if impl implements import in include inline int interface internal is let long loop macro map match mod move mut namespace new nil null nullptr object operator override package private protected pub public range ref return self short signed sizeof static str string struct super switch template this throw throws trait true try type typedef typename union unsafe unsigned use using val var virtual void volatile where while',
  ),
};

const python: Family = {
  comment: hashComment,
  string: `"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|${doubleQuoted}|${singleQuoted}`,
  number,
  name: '@[\\w.]+',
  word,
  keywords: words(
    'and as assert async await begin break case class continue def del do elif else elsif end except False finally for from global if import in is lambda match module None nonlocal not or pass raise require rescue return self True try unless while with yield',
  ),
};

const shell: Family = {
  comment: hashComment,
  string: `"(?:\\\\[^]|[^"\\\\])*"?|'[^']*'?`,
  name: '\\$(?:\\w+|\\{[^}\\n]*\\}?|[?#@*$!])|--?[A-Za-z][\\w-]*',
  // With every sign that a word may hold, so that `a#b` and `x-y` begin nothing.
  word: '[\\w./:@%+,~=-][\\w./:@%+,~=#-]*',
  keywords: words(
    'alias case cd do done echo elif else esac eval exec exit export fi for function if in local read return set sudo source then trap unset until while FROM RUN COPY ADD CMD ENTRYPOINT ENV ARG EXPOSE WORKDIR USER VOLUME server location listen server_name proxy_pass proxy_set_header upstream',
  ),
};

const json: Family = {
  comment: `${lineComment}|${blockComment}`,
  name: '"(?:\\\\[^]|[^"\\\\\\n])*"(?=\\s*:)',
  string: doubleQuoted,
  number: `-?${number}`,
  word,
  keywords: words('true false null'),
};

const yaml: Family = {
  comment: hashComment,
  // A key begins a line, so a line is tried once.
  name: '(?:\\n|^)[ \\t]*(?:- +)*[\\w.$/-]+(?=[ \\t]*[:=](?:[ \\t\\n]|$))|\\[[\\w. -]*\\](?=\\n)',
  string: `${doubleQuoted}|${singleQuoted}`,
  number: `-?${number}`,
  word: '[\\p{L}\\p{N}_$./:@-]+(?:#[\\p{L}\\p{N}_$./:@-]+)*',
  keywords: words('true false null yes no on off'),
};

const css: Family = {
  comment: `${blockComment}|${lineComment}`,
  string: `${doubleQuoted}|${singleQuoted}`,
  number: '#[\\da-fA-F]{3,8}(?![\\w-])|-?\\.?\\d[\\d.]*[a-z%]*',
  name: '[\\w-]+(?=\\s*:)|\\$[\\w-]+',
  word: '@?[\\w-]+',
  keywords: words(
    '@media @import @layer @supports @keyframes @font-face @container @property @charset @include @mixin @use important inherit initial unset revert none auto var calc',
  ),
};

const sql: Family = {
  comment: `--[^\\n]*|${blockComment}`,
  string: "'(?:''|[^'])*'?",
  number,
  name: '"[^"\\n]*"?|`[^`\\n]*`?',
  word,
  keywords: words(
    'add all alter and as asc begin between by cascade case check column commit constraint create cross database default delete desc distinct drop else end exists explain foreign from full grant group having if in index inner insert intersect into is join key left like limit not null offset on or order outer pragma primary references replace returning right rollback select set table then transaction trigger union unique update using values view when where with',
  ),
  anyCase: true,
};

const markup: Family = {
  comment: '<!--[^]*?(?:-->|$)',
  string: '"[^"]*"?|\'[^\']*\'?',
  name: '[\\w:@.-]+',
  word: '<[/!?]?[A-Za-z][\\w:-]*',
  keywords: new Set(),
  tags: true,
};

const families: readonly (readonly [names: string, label: string, family?: Family])[] = [
  ['js javascript mjs cjs jsx', 'JavaScript', script],
  ['ts typescript mts cts tsx', 'TypeScript', script],
  ['py python py3', 'Python', python],
  ['rb ruby', 'Ruby', python],
  ['sh bash zsh shell console fish', 'Shell', shell],
  ['dockerfile docker containerfile', 'Dockerfile', shell],
  ['nginx', 'nginx', shell],
  ['json jsonc json5', 'JSON', json],
  ['yaml yml', 'YAML', yaml],
  ['toml', 'TOML', yaml],
  ['ini env conf properties systemd', 'INI', yaml],
  ['html htm vue svelte astro', 'HTML', markup],
  ['xml svg rss atom', 'XML', markup],
  ['css scss less', 'CSS', css],
  ['sql sqlite postgres postgresql mysql', 'SQL', sql],
  ['go golang', 'Go', compiled],
  ['rs rust', 'Rust', compiled],
  ['c h', 'C', compiled],
  ['cpp c++ cc hpp', 'C++', compiled],
  ['cs csharp c#', 'C#', compiled],
  ['java', 'Java', compiled],
  ['kt kotlin', 'Kotlin', compiled],
  ['swift', 'Swift', compiled],
  ['php', 'PHP', compiled],
  ['md markdown', 'Markdown'],
  ['text txt plain plaintext', ''],
];

let byName: ReadonlyMap<string, Language> | undefined;

const longestLabel = 24;

/** A language by what stands behind the fence; an unknown one goes by that name. */
export function languageOf(name: string): Language {
  byName ??= new Map(
    families.flatMap(([names, label, family]) =>
      names.split(' ').map((one) => [one, family ? { label, family } : { label }] as const),
    ),
  );
  return byName.get(name.toLowerCase()) ?? { label: name.slice(0, longestLabel) };
}
