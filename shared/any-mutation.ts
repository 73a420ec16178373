/** Small damage to a frame, for properties and for the wire. For tests only. */
import fc from 'fast-check';

/** Pieces that parsers have stumbled over. */
const tokens = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', 'null', 'true', '{}', '[]', '""'],
  ...['-', '-0', '1e400', '-1e400', '1e-400', '9007199254740993', '0.1', '01', '1.', '.5', '+1'],
  ...['\\ud800', '\\udc00', '\\ud800\\udc00', '\ud83d', '\u0000', '\u2028', '\ufeff', '😀'],
  ...['__proto__', '"__proto__":{"x":1},', 'constructor', '"toString":1,', '"type":"ping",'],
  ...['//', '/*', 'NaN', 'Infinity', 'undefined', '[['.repeat(500), '{"a":'.repeat(300)],
];

export type Mutation = (text: string) => string;

/** Where in a text, as a share of its length. */
const place = fc
  .nat(9999)
  .map((share) => (text: string) => Math.floor((share * text.length) / 1e4));
const token = fc.constantFrom(...tokens);
const short = fc.nat(12);

/** One change of a text: a piece put in, taken out, doubled, replaced, or everything after cut. */
export const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, token).map(([at, piece]) => (text: string) => {
    const index = at(text);
    return text.slice(0, index) + piece + text.slice(index);
  }),
  fc.tuple(place, short).map(([at, length]) => (text: string) => {
    const index = at(text);
    return text.slice(0, index) + text.slice(index + length);
  }),
  fc.tuple(place, short).map(([at, length]) => (text: string) => {
    const index = at(text);
    return text.slice(0, index + length) + text.slice(index);
  }),
  fc.tuple(place, token).map(([at, piece]) => (text: string) => {
    const index = at(text);
    return text.slice(0, index) + piece + text.slice(index + 1);
  }),
  place.map((at) => (text: string) => text.slice(0, at(text))),
  // A value for a value: keeps the frame readable, so that what lies behind the parser is reached.
  fc.tuple(short, token).map(([which, piece]) => (text: string) => {
    let seen = 0;
    return text.replaceAll(/:(?:"[^"]*"|-?\d+|true|false)/g, (value) =>
      (seen += 1) === which + 1 ? `:${piece}` : value,
    );
  }),
);

/** Up to three changes, one after another. */
export const damage: fc.Arbitrary<Mutation> = fc
  .array(mutations, { minLength: 1, maxLength: 3 })
  .map((steps) => (text: string) => steps.reduce((now, step) => step(now), text));
