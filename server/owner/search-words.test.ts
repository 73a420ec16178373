import { describe, expect, it } from 'vitest';
import { searchWords } from './search-words.ts';

describe('what a search asks for', () => {
  it.each<[string, string[]]>([
    ['Invoice  MAY', ['invoice', 'may']],
    ['"last May" invoice', ['last may', 'invoice']],
    ['“last\n May”', ['last may']],
    ['"not closed at all', ['not closed at all']],
    ['a"b c"d', ['a', 'b c', 'd']],
    ['转人工　谢谢', ['转人工', '谢谢']],
    ['Ｆｕｌｌ ﬁne', ['full', 'fine']],
    ['same SAME', ['same']],
    ['ΔΡΟΜΟΣ δρομος', ['δρομοσ']],
    ['  ', []],
    ['""', []],
    ['', []],
  ])('%j', (query, words) => expect(searchWords(query)).toEqual(words));
});
