/**
 * What others say, beyond its plain text: Markdown, growing answers, what can be done with whole
 * ones. Loaded with the first message of somebody else; Markdown itself only where it is needed.
 */
import { nothing, type TemplateResult } from 'lit';
import { adoptStyles } from '../adopt-styles.ts';
import { keepPlace } from '../keep-place.ts';
import { loadMarkdown, needsMarkdown } from '../markdown/load-markdown.ts';
import type { Reveal } from '../markdown/reveal.ts';
import type { Entry } from '../state/timeline.ts';
import { forgetVerdicts, sayOf, sendVerdicts, verdictOn, type Tell } from '../verdicts.ts';
import { answerActions } from './answer-actions.ts';
import { answerCss } from './answer-styles.ts';
import type { MessageList } from './message-list.ts';
import { richText } from './rich-text.ts';

/** A screen reader has taken it by then; what is read again stands in the list. */
const saidForMs = 3_000;
/** A drawing that takes longer is followed by a pause, so that the page still answers. */
const quickMs = 24;

/** What others say in one list. */
export interface Answers {
  /** A text, and whether more of it is to come. */
  text(entry: Entry): readonly [TemplateResult, growing: boolean];
  /** What can be done with a whole answer. */
  actions(entry: Entry): TemplateResult | typeof nothing;
  /** Resolves in the frame in which a growing answer may be drawn next. */
  frame(): Promise<void>;
  /** The list is about to be drawn. */
  begin(): void;
  /** The list has been drawn. */
  drawn(): void;
}

/** @param tell - says something to the server */
export function createAnswers(list: MessageList, tell: Tell): Answers {
  const came = (): void => {
    const messages = list.querySelectorAll<HTMLElement>('.message');
    void keepPlace(list.querySelector('.scroll'), messages, () => {
      list.requestUpdate();
      return list.updateComplete;
    });
  };
  let reveal: Reveal | undefined;
  let growing: string[] = [];
  let grew: readonly string[] = [];
  let newest: string | undefined;
  let shown: readonly string[] = [];
  let begunMs = 0;
  let tookMs = 0;

  const root = list.getRootNode();
  if (root instanceof ShadowRoot) {
    adoptStyles(root, answerCss, root.host.getAttribute('nonce'));
  }

  return {
    text(entry) {
      const { id, text, deltas } = entry;
      const markdown = loadMarkdown.now;
      reveal ??= markdown?.revealAnswers(
        list.chat.timeline.entries,
        () => tookMs > quickMs,
        () => queueMicrotask(() => list.requestUpdate()),
      );
      const blocks = reveal?.look(entry);
      if (blocks || deltas) growing.push(id);
      if (!markdown) {
        if (deltas || needsMarkdown(text)) loadMarkdown.want(id, came);
        return [richText(entry, text), deltas !== undefined];
      }
      markdown.dressMarkdown(list);
      const { tag } = list.words;
      return blocks
        ? [markdown.markdownView(blocks, tag), true]
        : [markdown.markdownText(entry, text, tag), false];
    },
    actions({ id }) {
      return answerActions(verdictOn(id), id === newest, list.words.tag, (value) => {
        sayOf(id, value);
        list.requestUpdate();
      });
    },
    async frame() {
      if (document.hidden) return;
      if (tookMs > quickMs) await new Promise((done) => setTimeout(done, 2 * tookMs));
      await new Promise(requestAnimationFrame);
    },
    begin() {
      begunMs = performance.now();
      grew = growing;
      growing = [];
      newest = list.chat.timeline.entries.findLast(({ sender }) => sender === 'assistant')?.id;
    },
    drawn() {
      tookMs = performance.now() - begunMs;
      const { entries } = list.chat.timeline;
      // What grew in front of everybody is read to those who hear it once, when it is whole.
      const whole = entries.find(({ id }) => grew.includes(id) && !growing.includes(id));
      const region = list.querySelector('.whole');
      if (whole && region) {
        region.textContent = whole.text;
        setTimeout(() => (region.textContent = ''), saidForMs);
      }
      const ids = entries.flatMap(({ id, sender }) => (sender === 'assistant' ? [id] : []));
      // The whole conversation is gone: erased, or another visitor's now.
      if (shown.length > 0 && !shown.some((id) => ids.includes(id))) forgetVerdicts(shown);
      shown = ids;
      sendVerdicts(ids, tell);
    },
  };
}
