import { Lexer, Tokenizer, type Links, type Token } from 'marked';

const never = /(?!)/;

/**
 * A text as marked's tokens. Raw HTML is nothing to it but text, in which Markdown goes on; the
 * backslashes and references of destinations are left to `readDestination`.
 *
 * @param definitions - of the text before it; those of this one are added
 * @throws RangeError where quotes are nested so deep that the stack ends
 */
export function lex(text: string, definitions: Links): readonly Token[] {
  const tokenizer = new Tokenizer();
  const lexer = new Lexer({ gfm: true, breaks: true, tokenizer });
  const { rules } = tokenizer;
  tokenizer.rules = {
    ...rules,
    block: { ...rules.block, html: never },
    inline: { ...rules.inline, tag: never, anyPunctuation: never },
  };
  lexer.tokens.links = definitions;
  return lexer.lex(text);
}
