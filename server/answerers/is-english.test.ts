import { expect, it } from 'vitest';
import { readPost } from '../posts/read-post.ts';
import { isEnglish } from './is-english.ts';

function post(text: string) {
  const result = readPost('post.md', `# Post\n\n${text}`, { baseUrl: '/', nowMs: Date.now() });
  if (result.status !== 'post') throw new Error('no post');
  return result.post;
}

it.each([
  [
    true,
    'The database is copied every night by a small script, and what it makes is kept on another ' +
      'machine. It is important that nobody writes while the copy is made.',
  ],
  [true, 'Set `PORT`.'],
  [true, `\`\`\`sh\n${'ls -la /var/lib && du -sh * && cat notes.txt\n'.repeat(20)}\`\`\``],
  [
    false,
    'Die Datenbank wird jede Nacht von einem kleinen Skript kopiert, und was es macht, liegt auf ' +
      'einem anderen Rechner. Wichtig ist, dass niemand schreibt, während die Kopie entsteht.',
  ],
  [
    false,
    'La base de données est copiée chaque nuit par un petit script, et le résultat est gardé sur ' +
      'une autre machine. Il faut que personne n’écrive pendant que la copie se fait.',
  ],
  [false, '数据库每天晚上由一个小脚本复制，结果保存在另一台机器上。复制的时候不能有人写入。'],
])('%s: %s', (expected, text) => {
  expect(isEnglish(post(text))).toBe(expected);
});
