/**
 * Character references as Markdown reads them: decoded once, in texts and destinations, never in
 * code (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references). Of the names
 * of HTML those are known that people write; another one stays as it was written.
 */

/** Names of the characters from U+00A0 on, without a gap. */
const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
/** From U+0391 and U+03B1 on; `-` where nothing stands. */
const capitals =
  'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi Chi Psi Omega';
const smalls =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega';
/** Names and what they stand for, in turns. */
const others =
  'amp & AMP & lt < LT < gt > GT > quot " QUOT " apos \' excl ! num # dollar $ percnt % lpar ( rpar ) ast * plus + comma , period . sol / colon : semi ; equals = quest ? commat @ lsqb [ lbrack [ bsol \\ rsqb ] rbrack ] Hat ^ lowbar _ grave ` lcub { lbrace { verbar | vert | rcub } rbrace } OElig Œ oelig œ Scaron Š scaron š Yuml Ÿ fnof ƒ circ ˆ tilde ˜ ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” bdquo „ dagger † Dagger ‡ bull • hellip … permil ‰ prime ′ Prime ″ lsaquo ‹ rsaquo › euro € trade ™ larr ← uarr ↑ rarr → darr ↓ harr ↔ lArr ⇐ rArr ⇒ hArr ⇔ forall ∀ part ∂ exist ∃ empty ∅ nabla ∇ isin ∈ notin ∉ ni ∋ prod ∏ sum ∑ minus − lowast ∗ radic √ prop ∝ infin ∞ ang ∠ and ∧ or ∨ cap ∩ cup ∪ int ∫ there4 ∴ sim ∼ cong ≅ asymp ≈ ne ≠ equiv ≡ le ≤ ge ≥ sub ⊂ sup ⊃ sube ⊆ supe ⊇ oplus ⊕ otimes ⊗ perp ⊥ sdot ⋅ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ loz ◊ spades ♠ clubs ♣ hearts ♥ diams ♦ check ✓ cross ✗ star ☆ starf ★ ensp \u2002 emsp \u2003 thinsp \u2009 zwnj \u200C zwj \u200D lrm \u200E rlm \u200F';

function nameThem(): ReadonlyMap<string, string> {
  const named = new Map([
    ['Tab', '\t'],
    ['NewLine', '\n'],
  ]);
  const inTurn: readonly (readonly [number, string])[] = [
    [0xa0, latin],
    [0x391, capitals],
    [0x3b1, smalls],
  ];
  for (const [first, names] of inTurn) {
    names.split(' ').forEach((name, at) => named.set(name, String.fromCodePoint(first + at)));
  }
  // Not by white space of any kind: some of the characters are such.
  const pairs = others.split(' ');
  for (let at = 0; at < pairs.length; at += 2) named.set(pairs[at] ?? '', pairs[at + 1] ?? '');
  return named;
}

let names: ReadonlyMap<string, string> | undefined;

/** The character of this number; U+FFFD for what is none. */
function character(code: number): string {
  const none = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return none ? '\uFFFD' : String.fromCodePoint(code);
}

function decodeOne(reference: string, decimal?: string, hex?: string, name?: string): string {
  if (decimal) return character(Number.parseInt(decimal, 10));
  if (hex) return character(Number.parseInt(hex, 16));
  names ??= nameThem();
  return names.get(name ?? '') ?? reference;
}

const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,30}));/g;

/** A text with its references decoded. `&amp;lt;` becomes `&lt;`, which is the end of it. */
export const decodeReferences = (text: string): string => text.replace(reference, decodeOne);

const escapeOrReference =
  /\\([!-/:-@[-`{-~])|&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,30}));/g;

/** A link's destination or a code block's language: references and backslashes in one go. */
export const readDestination = (text: string): string =>
  text.replace(escapeOrReference, (all, escaped?: string, ...found: (string | undefined)[]) =>
    escaped === undefined ? decodeOne(all, found[0], found[1], found[2]) : escaped,
  );
