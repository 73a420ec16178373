/** XML as a tree. Entities that a document declares are not expanded, files it names not read. */
import { XMLParser } from 'fast-xml-parser';
import { decodeEntities } from '../html-text.ts';

export interface XmlElement {
  /** In lower case, with its prefix but for that of the root. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
}

/** Nesting beyond this is no feed; the parser refuses it, too. */
const maxDepth = 100;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  htmlEntities: false,
  cdataPropName: '#cdata',
  ignorePiTags: true,
  ignoreDeclaration: true,
  maxNestedTags: maxDepth,
});

type Parsed = readonly Readonly<Record<string, unknown>>[];

function toChildren(parsed: Parsed, prefix: string): (XmlElement | string)[] {
  return parsed.flatMap((node): (XmlElement | string)[] => {
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined) return [];
    const value = node[name];
    if (name === '#text') return [decodeEntities(String(value))];
    if (!Array.isArray(value)) return [];
    if (name === '#cdata')
      return value.map((part: Record<string, unknown>) => String(part['#text']));
    const attributes = Object.entries((node[':@'] ?? {}) as Record<string, unknown>);
    return [
      {
        name: nameOf(name, prefix),
        attributes: new Map(
          attributes.map(([key, text]) => [key.toLowerCase(), decodeEntities(String(text))]),
        ),
        children: toChildren(value as Parsed, prefix),
      },
    ];
  });
}

function nameOf(name: string, prefix: string): string {
  const lower = name.toLowerCase();
  return prefix !== '' && lower.startsWith(prefix) ? lower.slice(prefix.length) : lower;
}

/**
 * The root element; a document that breaks off is read as far as it goes. Undefined where the
 * text is no XML.
 */
export function parseXml(text: string): XmlElement | undefined {
  let parsed: Parsed;
  try {
    parsed = parser.parse(text.replace(/^[^<]+/, '')) as Parsed;
  } catch {
    return undefined;
  }
  const root = parsed.find((node) => Object.keys(node).some((key) => !/^[:#!?]/.test(key)));
  const name = root && Object.keys(root).find((key) => key !== ':@');
  if (!root || name === undefined) return undefined;
  const prefix = /^[^:]+:/.exec(name.toLowerCase())?.[0] ?? '';
  const [element] = toChildren([root], prefix);
  return typeof element === 'object' ? element : undefined;
}

export const elementsOf = (parent: XmlElement, name?: string): XmlElement[] =>
  parent.children.filter(
    (child): child is XmlElement =>
      typeof child === 'object' && (name === undefined || child.name === name),
  );

/** All text within an element. */
export const textOf = (element: XmlElement): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

/** The text of the first child of one of these names that has some, trimmed. */
export function childText(parent: XmlElement, ...names: readonly string[]): string {
  for (const name of names) {
    for (const element of elementsOf(parent, name)) {
      const text = textOf(element).trim();
      if (text !== '') return text;
    }
  }
  return '';
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const escape = (text: string): string => text.replace(/[&<>"]/g, (char) => escapes[char] ?? char);

/** What is inside an element as HTML: the content of an Atom entry of type `xhtml`. */
export const innerHtml = (element: XmlElement): string =>
  element.children
    .map((child) => {
      if (typeof child === 'string') return escape(child);
      const attributes = [...child.attributes].map(
        ([name, value]) => ` ${name}="${escape(value)}"`,
      );
      return `<${child.name}${attributes.join('')}>${innerHtml(child)}</${child.name}>`;
    })
    .join('');
