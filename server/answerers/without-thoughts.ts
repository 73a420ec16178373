/**
 * Takes what a reasoning model thinks out of what it says, piece by piece: servers that do not
 * know the model's template send `<think>…</think>` as text.
 */
const opening = /<think(?:ing)?>/i;
const closing = /<\/think(?:ing)?>/i;
/** A piece may end in the middle of a tag; this many characters of it at most. */
const longestTag = '</thinking>'.length - 1;

export interface WithoutThoughts {
  /** What may be shown of the text so far that was not shown yet. */
  push(text: string): string;
  /** The rest. */
  end(): string;
}

/**
 * @param onVoid - all that was let through was thought: some templates begin inside the thoughts,
 *   so that only their end is marked
 */
export function createWithoutThoughts(onVoid: () => void): WithoutThoughts {
  let held = '';
  let thinking = false;

  function take(isLast: boolean): string {
    let out = '';
    for (;;) {
      const open = thinking ? null : opening.exec(held);
      const close = closing.exec(held);
      if (close && (!open || close.index < open.index)) {
        if (!thinking) {
          out = '';
          onVoid();
        }
        thinking = false;
        held = held.slice(close.index + close[0].length);
      } else if (open) {
        out += held.slice(0, open.index);
        thinking = true;
        held = held.slice(open.index + open[0].length);
      } else break;
    }
    const kept = isLast ? 0 : unfinishedTag(held);
    const passed = held.slice(0, held.length - kept);
    held = held.slice(held.length - kept);
    return thinking ? out : out + passed;
  }

  return {
    push(text) {
      held += text;
      return take(false);
    },
    end: () => take(true),
  };
}

/** How many characters at the end may be the beginning of a tag. */
function unfinishedTag(text: string): number {
  const at = text.lastIndexOf('<', text.length);
  const length = at < 0 ? 0 : text.length - at;
  return length > 0 && length <= longestTag && /^<\/?[a-z]*$/i.test(text.slice(at)) ? length : 0;
}
