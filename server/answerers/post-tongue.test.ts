import { expect, it } from 'vitest';
import { readPost } from '../posts/read-post.ts';
import { isChinese, isEnglish } from './post-tongue.ts';

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
])('English, %s: %s', (expected, text) => {
  expect(isEnglish(post(text))).toBe(expected);
});

it.each([
  [true, '数据库每天晚上由一个小脚本复制，结果保存在另一台机器上。复制的时候不能有人写入。'],
  [true, '這是關於資料庫備份的文章，每天晚上由一個小程式複製到另一台機器。'],
  [true, '这首歌叫《さくら》，歌词讲的是春天里一棵老树下面的告别，旋律只有五个音。'],
  [
    true,
    '```sh\n# これは例です。ここに日本語のコメントがたくさんあります\n```\n\n数据库每天晚上由一个小脚本复制，结果保存在另一台机器上，复制的时候不能有人写入，否则副本就不完整。',
  ],
  [false, '本日の運行情報：都営大江戸線は車両点検の影響で運転を見合わせています。'],
  [false, 'データベースは毎晩、小さなスクリプトで別のマシンにコピーされます。'],
  [false, '데이터베이스는 매일 밤 작은 스크립트로 다른 컴퓨터에 복사됩니다.'],
  [false, 'The database is copied every night by a small script to another machine.'],
])('Chinese, %s: %s', (expected, text) => {
  expect(isChinese(post(text))).toBe(expected);
});
