/** Forgeries of what pages show. */
import type { DraftRun, Forgery } from './check-forgery.ts';

type View = DraftRun['pages'][number];

const whole = (run: DraftRun): View => {
  const [view] = run.pages;
  if (!view) throw new Error('a run without pages');
  return view;
};

/** Answers repeat each other's texts; what was typed stands there once. */
const typedAt = (view: View): number[] =>
  [...view.entries.keys()].filter((index) => view.entries[index]?.sender === 'visitor');

export const forgeriesOfPages: readonly Forgery[] = [
  {
    ...{ name: 'a page that shows a message twice', rule: 'D19', kind: 'doubled' },
    forge(run, pick) {
      const { entries } = whole(run);
      const entry = entries[pick(typedAt(whole(run))) ?? -1];
      const at = pick([...entries.keys()]) ?? 0;
      if (entry) entries.splice(at, 0, { ...entry });
      return entry !== undefined;
    },
  },
  {
    ...{ name: 'a page that shows an answer twice', rule: 'D19', kind: 'doubled' },
    forge(run, pick) {
      const { entries } = whole(run);
      const answers = [...entries.keys()].filter((at) => entries[at]?.sender === 'assistant');
      const at = pick(answers) ?? 0;
      const entry = entries[at];
      if (entry) entries.splice(at, 0, { ...entry });
      return entry !== undefined;
    },
  },
  {
    ...{ name: 'a page that was just opened and shows twice', rule: 'D19', kind: 'doubled' },
    forge(run, pick) {
      const view = run.pages[1];
      const entry = view?.entries[pick(view ? typedAt(view) : []) ?? -1];
      if (entry) view?.entries.push({ ...entry });
      return entry !== undefined;
    },
  },
  {
    ...{ name: 'a page that shows them in another order', rule: 'D19', kind: 'reordered' },
    forge(run, pick) {
      const { entries } = whole(run);
      const from = pick(typedAt(whole(run))) ?? 0;
      const [entry] = entries.splice(from, 1);
      const to = pick([...entries.keys()].filter((at) => at !== from)) ?? 0;
      if (entry) entries.splice(to, 0, entry);
      return entry !== undefined;
    },
  },
  {
    ...{ name: 'a page that leaves one out', rule: 'D19', kind: 'lost' },
    forge(run, pick) {
      const { entries } = whole(run);
      entries.splice(pick([...entries.keys()].slice(1)) ?? 1, 1);
      return true;
    },
  },
  {
    ...{ name: 'a page that shows the end alone', rule: 'D19', kind: 'lost' },
    forge(run) {
      const view = whole(run);
      view.entries = view.entries.slice(-3);
      return true;
    },
  },
  {
    ...{ name: 'a page that shows the beginning alone', rule: 'D19', kind: 'lost' },
    forge(run) {
      const view = whole(run);
      view.entries = view.entries.slice(0, -1);
      return true;
    },
  },
  {
    ...{ name: 'a page that shows nothing', rule: 'D19', kind: 'lost' },
    forge(run) {
      whole(run).entries = [];
      return true;
    },
  },
  {
    ...{ name: 'a page that shows what nobody stored', rule: 'D19', kind: 'other' },
    forge(run, pick) {
      const { entries } = whole(run);
      const entry = { sender: 'owner', text: 'Never said' };
      entries.splice(pick([...entries.keys()]) ?? 0, 0, entry);
      return true;
    },
  },
  {
    ...{ name: 'a page that has not sent everything', rule: 'D8', kind: 'lost' },
    forge(run, pick) {
      const view = whole(run);
      view.unsent = [pick(view.typed) ?? ''];
      return true;
    },
  },
  {
    ...{ name: 'a text typed on a page and gone', rule: 'D8', kind: 'lost' },
    forge(run) {
      whole(run).typed.push('Where has this gone?');
      return true;
    },
  },
  {
    ...{ name: 'a visitor without a conversation', rule: 'D8', kind: 'lost' },
    forge(run) {
      run.pages[2]?.typed.push('Nobody listens');
      return true;
    },
  },
];
