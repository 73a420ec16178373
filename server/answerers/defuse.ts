/**
 * Text on its way into a prompt. Some servers turn the words that mark roles in a model's own
 * template into the marks themselves, wherever they stand; a post or a visitor that writes them
 * would speak as somebody else. They are taken apart, so that they stay readable and mark nothing.
 */

/**
 * `<|im_start|>` and all other words between bars (ChatML, Llama 3, Phi), also with the full-width
 * bars of DeepSeek; `[INST]`, `<<SYS>>`, `<s>` (Llama 2, Mistral); `<start_of_turn>` (Gemma);
 * what reasoning models put around their thoughts.
 */
const marks: readonly (readonly [RegExp, string])[] = [
  [/<(?=[|｜])/g, '< '],
  [/(?<=[|｜])>/g, ' >'],
  [/\[(?=\/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])/gi, '[ '],
  [/<(?=<\/?SYS>>)/gi, '< '],
  [/<(?=\/?(?:s|bos|eos|unk|pad|think|thinking|start_of_turn|end_of_turn|tool_call)>)/gi, '< '],
];

/** Control characters but tab and newline, and those that reorder or hide text. */
// oxlint-disable-next-line no-control-regex
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** The same text, without anything that a model's template could take for a role's mark. */
export function defuse(text: string): string {
  let safe = text.toWellFormed().replace(invisible, '');
  for (const [mark, apart] of marks) safe = safe.replace(mark, apart);
  return safe;
}
