/** Number of Unicode code points, by which the server limits a message. */
export const countCharacters = (text: string): number =>
  text.replace(/[\u{10000}-\u{10ffff}]/gu, '.').length;
