/** What visitors of a chaos run write: every text but once, so that a double is seen as one. */
import { maxMessageChars } from '../../shared/limits.ts';
import type { Random } from './random.ts';

// None of them is a wish for a person, which would make the assistant fall silent.
const questions = [
  'How do I deploy this?',
  'How do I put the widget on my page?',
  'Where are the messages stored?',
  'What happens when the server is restarted?',
  'Which browsers are supported, and is there a dark theme?',
  'Hello!',
  '你好，这个博客系统是怎么构建的？',
  '如何部署到生产环境？',
  '消息会丢失吗？🙂',
  '怎样备份数据库 👩‍💻👍🏽',
  'Wie groß ist das Ding? Ça marche où?',
  'Does it need a key?  Two  spaces,\nand a second line.',
  '"quotes" \\ backslash & <b>no markup</b>',
];
const filler = ['all of this ', '还有很多话要说', '🙂🚀', 'und so weiter, ', 'x'];

/** As long as a message may be. */
function longest(start: string, random: Random): string {
  const characters = [...start];
  while (characters.length < maxMessageChars) characters.push(...random.pick(filler));
  // A blank at the end would be trimmed by a person's composer.
  return `${characters.slice(0, maxMessageChars - 1).join('')}.`;
}

/**
 * @param name - unique: it is what makes the text unique
 * @param size - `mixed` is long for one text in thirty
 */
export function messageText(
  name: string,
  random: Random,
  size: 'mixed' | 'short' | 'long' = 'mixed',
): string {
  const text = `${name} ${random.pick(questions)}`;
  const isLong = size === 'long' || (size === 'mixed' && random.chance(1 / 30));
  return isLong ? longest(`${text} `, random) : text;
}
