/**
 * English words to their stems: M. F. Porter, "An algorithm for suffix stripping", Program 14(3),
 * 1980, pp. 130–137 (https://tartarus.org/martin/PorterStemmer/def.txt), with his two later
 * departures (`bli`, `logi`), preceded by irregular forms and followed by one spelling for
 * British and American.
 */

/** Forms that no suffix rule reaches. */
const irregular: ReadonlyMap<string, string> = new Map(
  (
    'wrote:write written:write ran:run sent:send built:build found:find broke:break broken:break ' +
    'kept:keep chose:choose chosen:choose hid:hide hidden:hide threw:throw thrown:throw lost:lose ' +
    'bought:buy brought:bring caught:catch taught:teach thought:think began:begin begun:begin ' +
    'drew:draw drawn:draw drove:drive driven:drive fell:fall fallen:fall froze:freeze ' +
    'frozen:freeze grew:grow grown:grow knew:know known:know spoke:speak spoken:speak stole:steal ' +
    'stolen:steal woke:wake wore:wear worn:wear forgot:forget forgotten:forget sold:sell ' +
    'told:tell paid:pay spent:spend slept:sleep felt:feel meant:mean held:hold stuck:stick ' +
    'shown:show blew:blow blown:blow flew:fly flown:fly hung:hang shook:shake shaken:shake ' +
    'children:child men:man women:woman mice:mouse feet:foot indices:index ' +
    'indexes:index vertices:vertex matrices:matrix criteria:criterion analyses:analysis'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

const isPlainVowel = (char: string | undefined): boolean =>
  char === 'a' || char === 'e' || char === 'i' || char === 'o' || char === 'u';

/** A `y` is a vowel after a consonant: in a run of them every other one. */
const vowelAt = (word: string, at: number): boolean => {
  const char = word[at];
  if (char !== 'y') return isPlainVowel(char);
  let first = at;
  while (first > 0 && word[first] === 'y') first -= 1;
  return isPlainVowel(word[first]) === ((at - first) % 2 === 0);
};

/** Porter's m: how often vowels are followed by consonants. */
function measure(stem: string): number {
  let count = 0;
  let afterVowel = false;
  for (let at = 0; at < stem.length; at += 1) {
    const vowel = vowelAt(stem, at);
    if (!vowel && afterVowel) count += 1;
    afterVowel = vowel;
  }
  return count;
}

const hasVowel = (stem: string): boolean => {
  for (let at = 0; at < stem.length; at += 1) if (vowelAt(stem, at)) return true;
  return false;
};

const endsDouble = (word: string): boolean =>
  word.length > 1 && word.at(-1) === word.at(-2) && !vowelAt(word, word.length - 1);

/** Consonant, vowel, consonant other than w, x, y: `hop`. */
const endsShort = (word: string): boolean => {
  const last = word.length - 1;
  return (
    last >= 2 &&
    !vowelAt(word, last) &&
    vowelAt(word, last - 1) &&
    !vowelAt(word, last - 2) &&
    !/[wxy]$/.test(word)
  );
};

type Rules = readonly (readonly [suffix: string, replacement: string])[];

const step2: Rules = [
  ...([
    ['ational', 'ate'],
    ['tional', 'tion'],
    ['enci', 'ence'],
    ['anci', 'ance'],
  ] as const),
  ...([
    ['izer', 'ize'],
    ['bli', 'ble'],
    ['alli', 'al'],
    ['entli', 'ent'],
    ['eli', 'e'],
  ] as const),
  ...([
    ['ousli', 'ous'],
    ['ization', 'ize'],
    ['ation', 'ate'],
    ['ator', 'ate'],
  ] as const),
  ...([
    ['alism', 'al'],
    ['iveness', 'ive'],
    ['fulness', 'ful'],
    ['ousness', 'ous'],
  ] as const),
  ...([
    ['aliti', 'al'],
    ['iviti', 'ive'],
    ['biliti', 'ble'],
    ['logi', 'log'],
  ] as const),
];
const step3: Rules = [
  ...([
    ['icate', 'ic'],
    ['ative', ''],
    ['alize', 'al'],
    ['iciti', 'ic'],
  ] as const),
  ...([
    ['ical', 'ic'],
    ['ful', ''],
    ['ness', ''],
  ] as const),
];
const step4: Rules =
  'ement ance ence able ible ment ant ent ion ism ate iti ous ive ize al er ic ou'
    .split(' ')
    .map((suffix) => [suffix, ''] as const);

function apply(word: string, rules: Rules, least: number): string {
  for (const [suffix, replacement] of rules) {
    if (!word.endsWith(suffix)) continue;
    const stem = word.slice(0, -suffix.length);
    if (measure(stem) <= least) return word;
    if (suffix === 'ion' && least === 1 && !/[st]$/.test(stem)) return word;
    return stem + replacement;
  }
  return word;
}

function step1(word: string): string {
  let stem = word;
  if (/(?:ss|i)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (stem.endsWith('s') && !stem.endsWith('ss')) stem = stem.slice(0, -1);
  if (stem.endsWith('eed')) {
    if (measure(stem.slice(0, -3)) > 0) stem = stem.slice(0, -1);
  } else {
    const cut = /(?:ed|ing)$/.exec(stem);
    const root = cut ? stem.slice(0, cut.index) : '';
    if (cut && hasVowel(root)) {
      stem = root;
      if (/(?:at|bl|iz)$/.test(stem)) stem += 'e';
      else if (endsDouble(stem) && !/[lsz]$/.test(stem)) stem = stem.slice(0, -1);
      else if (measure(stem) === 1 && endsShort(stem)) stem += 'e';
    }
  }
  if (stem.endsWith('y') && hasVowel(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  return stem;
}

function step5(word: string): string {
  let stem = word;
  if (stem.endsWith('e')) {
    const root = stem.slice(0, -1);
    const m = measure(root);
    if (m > 1 || (m === 1 && !endsShort(root))) stem = root;
  }
  if (stem.endsWith('ll') && measure(stem) > 1) stem = stem.slice(0, -1);
  return stem;
}

const our = /([a-z]{2}[ltvbn])our(?=$|s$|ed$|ing|it|able|ful)/;
const ise = /([a-z]{2})is(e|es|ed|ing|ation|ations|er|ers)$/;
const re = /((?:cent|met|lit|fib|theat))re(s?)$/;
const doubled = /([a-z]{2}l)l(ed|ing|er|ers)$/;

/** British endings as American ones, before a suffix hides them. */
function american(word: string): string {
  let spelt = word;
  if (spelt.includes('our')) spelt = spelt.replace(our, '$1or');
  if (spelt.includes('is')) spelt = spelt.replace(ise, '$1iz$2');
  if (spelt.includes('re')) spelt = spelt.replace(re, '$1er$2');
  return spelt.includes('ll') ? spelt.replace(doubled, '$1$2') : spelt;
}

function stemOf(word: string): string {
  let stemmed = step1(american(irregular.get(word) ?? word));
  stemmed = apply(stemmed, step2, 0);
  stemmed = apply(stemmed, step3, 0);
  stemmed = apply(stemmed, step4, 1);
  return step5(stemmed);
}

/** Stems that are remembered: a blog and its visitors say the same words over and over. */
const mostRemembered = 50_000;
/** A longer word may be a slice, as V8 calls it, that keeps the whole text it is from. */
const longestRemembered = 12;
const remembered = new Map<string, string>();

/** The stem of a lower-case word; a word with other than the letters a–z is its own. */
export function stem(word: string): string {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  if (word.length <= 2 || !/^[a-z]+$/.test(word)) return word;
  const stemmed = stemOf(word);
  if (word.length > longestRemembered) return stemmed;
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(word, stemmed);
  return stemmed;
}
