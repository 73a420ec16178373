import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { SearchHit } from '../inbox-ports.ts';
import type { Store } from '../ports.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { noonMs, question } from './store.contract-fixtures.ts';

const say = (store: Store, conversationId: string, id: string, text: string, atMs = noonMs) =>
  store.append({ conversationId, message: question(id, text, atMs) });

const named = ({ conversation, message, note }: SearchHit): string =>
  [conversation.id, message?.id ?? note?.id].filter((part) => part !== undefined).join('/');

async function find(store: Store, words: readonly string[], limit = 50): Promise<string[]> {
  const { hits, cursor } = await store.search({ words, limit });
  expect(cursor).toBeUndefined();
  return hits.map(named);
}

async function pages(store: Store, words: readonly string[], limit: number): Promise<string[][]> {
  const found: string[][] = [];
  for (let before: string | undefined; ;) {
    const page = await store.search({ words, limit, ...(before === undefined ? {} : { before }) });
    found.push(page.hits.map(named));
    if (page.cursor === undefined) return found;
    expect(found.length, 'pages without end').toBeLessThan(200);
    before = page.cursor;
  }
}

export function describeSearch(withStore: WithStore): void {
  describe('search', () => {
    it(
      'finds words as parts of words, whatever their case, in any script',
      withStore(async ({ store }) => {
        const texts: Readonly<Record<string, string>> = {
          plain: 'How do I Install it on the SERVER?',
          cyrillic: 'Как УСТАНОВИТЬ это?',
          greek: 'ΠΟΥ ΕΙΝΑΙ Ο ΔΡΟΜΟΣ ΤΟΥ ΟΔΥΣΣΕΑ',
          chinese: '你好，我想问安装的问题',
          wide: 'ＡＢＣ　１２３',
          composed: 'cafe\u0301 Ångström',
          turkish: 'İSTANBUL',
          marks: '100% _sure_ \\ "quoted" \'single\' nul:\0 half:\ud800',
          emoji: 'thanks 👋🏽',
        };
        for (const [id, text] of Object.entries(texts)) await say(store, id, 'm', text);
        const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
          [['INST', 'server'], ['plain/m']],
          [['server', 'install', 'how'], ['plain/m']],
          [['install', 'nowhere'], []],
          [['установить'], ['cyrillic/m']],
          [['δρομος'], ['greek/m']],
          [['ΟΔΥΣ'], ['greek/m']],
          [['安装', '你好'], ['chinese/m']],
          [['abc', '123'], ['wide/m']],
          [['ａｂｃ'], ['wide/m']],
          [['café'], ['composed/m']],
          [['ÅNGSTRÖM'], ['composed/m']],
          [['istanbul'.replace('i', 'İ')], ['turkish/m']],
          [['%'], ['marks/m']],
          [['_SURE_'], ['marks/m']],
          [['\\'], ['marks/m']],
          [['nul:\0'], ['marks/m']],
          [['\ud800'], ['marks/m']],
          [['👋'], ['emoji/m']],
        ];
        for (const [words, expected] of cases) {
          expect(await find(store, words), words.join(' ')).toEqual(expected);
        }
      }),
    );

    it(
      'finds notes, and what is known of a visitor, and tells what it found',
      withStore(async ({ store }) => {
        await store.append({
          conversationId: 'c',
          facts: {
            name: 'Wei Zhang',
            email: 'wei@example.com',
            user: 'user-77',
            page: { url: 'https://blog.example/posts/sails', title: 'Mending Sails' },
          },
          message: question('a', 'hello'),
        });
        await say(store, 'd', 'a', 'another');
        const note = { id: 'n', text: 'called back on Monday', atMs: noonMs + 5 };
        await store.addNote('c', note);
        await store.addNote('d', { ...note, text: 'of the other' });
        for (const words of [['ZHANG'], ['wei@'], ['user-77'], ['mending', 'zhang'], ['/sails']]) {
          expect(await find(store, words), words.join()).toEqual(['c']);
        }
        const [facts] = (await store.search({ words: ['zhang'], limit: 9 })).hits;
        expect(facts?.text).toContain('Mending Sails');
        expect(facts).not.toHaveProperty('message');
        // All words stand in one place.
        expect(await find(store, ['zhang', 'hello'])).toEqual([]);
        expect(await find(store, ['monday', 'called'])).toEqual(['c/n']);
        const [noted] = (await store.search({ words: ['monday'], limit: 9 })).hits;
        expect(noted).toEqual({
          conversation: await store.summary('c'),
          note,
          text: note.text,
        });
        const [said] = (await store.search({ words: ['hello'], limit: 9 })).hits;
        expect(said).toEqual({
          conversation: await store.summary('c'),
          message: { ...question('a', 'hello'), seq: 1 },
          text: 'hello',
        });
        await store.erase('c');
        for (const word of ['zhang', 'monday', 'hello'])
          expect(await find(store, [word])).toEqual([]);
      }),
    );

    it(
      'finds the newest first over all conversations, a page at a time',
      withStore(async ({ store }) => {
        // Long and short conversations that overlap in time, each older than the one before.
        const at = new Map<string, number>();
        for (let c = 0; c < 12; c += 1) {
          const count = c % 4 === 0 ? 90 : 3;
          for (let m = 0; m < count; m += 1) {
            const atMs = noonMs - c * 40 + m * 7;
            const word = m % 3 === 0 ? 'needle' : 'hay';
            await say(store, `c${c}`, `m${m}`, `${word} ${m}`, atMs);
            if (word === 'needle') at.set(`c${c}/m${m}`, atMs);
          }
        }
        await store.addNote('c11', { id: 'n', text: 'needle', atMs: noonMs + 100 });
        at.set('c11/n', noonMs + 100);
        const all = await pages(store, ['needle'], 1_000);
        expect(all).toHaveLength(1);
        const found = all.flat();
        expect(found.toSorted()).toEqual([...at.keys()].toSorted());
        const times = found.map((name) => at.get(name) ?? 0);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
        for (const limit of [1, 7, 50, found.length - 1, found.length]) {
          const cut = await pages(store, ['needle'], limit);
          expect(cut.flat(), `pages of ${limit}`).toEqual(found);
          for (const page of cut) expect(page.length).toBeLessThanOrEqual(limit);
        }
      }),
    );

    it(
      'finds everything once, whatever the clock did',
      withStore(async ({ store }) => {
        let run = 0;
        const times = fc.array(fc.nat(20), { minLength: 1, maxLength: 6 });
        const property = fc.asyncProperty(
          fc.array(times, { minLength: 1, maxLength: 5 }),
          fc.array(fc.nat(20), { maxLength: 3 }),
          fc.integer({ min: 1, max: 4 }),
          async (conversations, notes, limit) => {
            run += 1;
            const expected: string[] = [];
            for (const [c, messages] of conversations.entries()) {
              const id = `r${run}-c${c}`;
              for (const [m, atMs] of messages.entries()) {
                await say(store, id, `m${m}`, `find run${run}.`, atMs);
                expected.push(`${id}/m${m}`);
              }
            }
            for (const [n, atMs] of notes.entries()) {
              await store.addNote(`r${run}-c0`, { id: `n${n}`, text: `find run${run}.`, atMs });
              expected.push(`r${run}-c0/n${n}`);
            }
            const found = (await pages(store, [`run${run}.`], limit)).flat();
            expect(found.toSorted()).toEqual(expected.toSorted());
          },
        );
        await fc.assert(property, { numRuns: 40 });
      }),
      60_000,
    );

    it(
      'lets everything else go on meanwhile, and finds what moved to the front of the list',
      withStore(async ({ store }) => {
        await Promise.all(
          Array.from({ length: 1_500 }, (_, c) =>
            say(
              store,
              `c${c}`,
              'a',
              c === 0 ? 'the needle' : `你 ${'x'.repeat(3_000)}`,
              noonMs + c,
            ),
          ),
        );
        let turns = 0;
        let ended = false;
        const searching = store.search({ words: ['needle'], limit: 5 }).finally(() => {
          ended = true;
        });
        while (!ended) {
          await new Promise((resolve) => setImmediate(resolve));
          turns += 1;
          // The oldest becomes the newest, while the search is on its way to it.
          if (turns === 3) await say(store, 'c0', 'b', 'hay', noonMs + 9_000);
        }
        expect(turns).toBeGreaterThan(1);
        expect((await searching).hits.map(named)).toEqual(['c0/a']);
      }),
    );

    it(
      'ends when nobody waits for it any more',
      withStore(async ({ store }) => {
        await say(store, 'c', 'a', 'hay');
        const gone = AbortSignal.abort(new Error('gone'));
        await expect(store.search({ words: ['x'], limit: 1, signal: gone })).rejects.toThrow(
          'gone',
        );
        const leaving = new AbortController();
        const searching = store.search({ words: ['x'], limit: 1, signal: leaving.signal });
        leaving.abort(new Error('left'));
        await expect(searching).rejects.toThrow('left');
      }),
    );

    it(
      'has nothing after a cursor that it did not make',
      withStore(async ({ store }) => {
        await say(store, 'c', 'a', 'hay');
        for (const before of ['', 'x', '%', '1~1~%~c', '1~1~', '99999999999999999999~1~~c']) {
          expect(await store.search({ words: ['hay'], limit: 5, before }), before).toEqual({
            hits: [],
          });
        }
      }),
    );
  });
}
