/**
 * Bytes of the web as text. Labels are wrong often enough that none is believed blindly: what is
 * valid UTF-8 is UTF-8, and what a label cannot read is tried as what it looks like. How browsers
 * look for labels: https://html.spec.whatwg.org/multipage/parsing.html#encoding-sniffing-algorithm
 */

/** Where a document says its encoding by itself, in bytes from its start. */
const declaredWithin = 4_096;
/** What is judged of a long text, in UTF-16 units. */
const judgedChars = 200_000;

const attribute = /<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})/i;
const declaration = /^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']/i;

function byteOrderMark(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** `charset` of a `Content-Type`; undefined where it names none. */
const charsetOf = (contentType: string): string | undefined =>
  /;\s*charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(contentType)?.[1];

function decode(bytes: Uint8Array, label: string, fatal = false): string | undefined {
  try {
    return new TextDecoder(label, { fatal }).decode(bytes);
  } catch {
    // An unknown label, or bytes that it cannot read.
    return undefined;
  }
}

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Whether a text was read with the right table: hardly anything in it is no character. */
function isSound(text: string): boolean {
  // One torn character at the end, where something was cut off, is no sign.
  const judged = text.slice(0, judgedChars).replace(/\ufffd{1,3}$/, '');
  const isTorn = judged.length < Math.min(text.length, judgedChars);
  const lost = countOf(judged, /\ufffd/g);
  const foreign = countOf(judged, /[^\0-\x7f]/g);
  return lost * 50 <= foreign && (!isTorn || foreign > 0);
}

/** What bytes without a label that fits may be. */
function guess(bytes: Uint8Array): string {
  const foreign = (text: string): number => countOf(text.slice(0, judgedChars), /[^\0-\x7f]/g);
  const share = (text: string, pattern: RegExp): number =>
    countOf(text.slice(0, judgedChars), pattern) / Math.max(1, foreign(text));
  const japanese = decode(bytes, 'shift_jis', true);
  if (japanese !== undefined && share(japanese, /[\u3041-\u30fe]/g) > 0.3) {
    return japanese;
  }
  const chinese = decode(bytes, 'gb18030', true);
  if (chinese !== undefined && share(chinese, /[\u4e00-\u9fa5\u3000-\u301e\uff00-\uff5e]/g) > 0.8) {
    return chinese;
  }
  return decode(bytes, 'windows-1252') ?? '';
}

/**
 * The text of a document, with `\n` line ends and without a byte order mark. Never throws; what
 * no table can read becomes U+FFFD.
 *
 * @param contentType - as the server sent it; empty where it sent none
 */
export function decodeDocument(bytes: Uint8Array, contentType: string): string {
  return textOf(bytes, contentType)
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n');
}

function textOf(bytes: Uint8Array, contentType: string): string {
  const mark = byteOrderMark(bytes);
  if (mark !== undefined) return decode(bytes, mark) ?? '';
  const head = decode(bytes.subarray(0, declaredWithin), 'windows-1252') ?? '';
  const labels = [
    charsetOf(contentType),
    declaration.exec(head)?.[1],
    attribute.exec(head)?.[1],
  ].filter((label) => label !== undefined);
  // Seven-bit tables look like UTF-8 and are not.
  const [sevenBit] = labels.filter((label) => /^(?:iso-2022-|hz-|utf-?16|csiso2022)/i.test(label));
  const utf8 = decode(bytes, 'utf-8', true);
  if (sevenBit === undefined && utf8 !== undefined) return utf8;
  for (const label of labels) {
    const text = decode(bytes, label);
    if (text !== undefined && isSound(text)) return text;
  }
  const broken = decode(bytes, 'utf-8') ?? '';
  return isSound(broken) ? broken : guess(bytes);
}
