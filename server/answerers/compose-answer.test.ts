import { describe, expect, it } from 'vitest';
import type { Answer } from '../answerer-ports.ts';
import { answerFrom } from './retrieval.ts';
import { indexOf, smallBlog } from './small-blog.fixture.ts';

const ask = async (
  text: string,
  posts: Readonly<Record<string, string>> = smallBlog,
): Promise<Answer> => answerFrom(await indexOf(posts), { text, lang: 'en' });

const filler = (words: string, times: number): string =>
  Array.from({ length: times }, (_, at) => `${words} number ${at} goes on for a while.`).join(' ');

describe('an answer', () => {
  it('shows the passage with its code whole, and cites it', async () => {
    const { text, citations, outcome } = await ask('how do I run it with systemd?');
    expect(outcome).toBe('found');
    expect(text).toContain('```ini\n# /etc/systemd/system/blog.service\n[Service]\n');
    expect(text).toContain('Restart=always\n```');
    expect(text).toContain('survives a reboot');
    expect(citations[0]).toEqual({
      title: 'Deploying the service › With systemd',
      url: '/blog/en/deploying#with-systemd',
    });
  });

  it('cites the title alone where the passage stands under no other heading', async () => {
    const { citations } = await ask('parse dates in python with fromisoformat');
    expect(citations[0]).toEqual({
      title: 'Parsing dates in Python',
      url: '/blog/en/parsing-dates',
    });
  });

  it('cites one to three posts, each once', async () => {
    const posts = Object.fromEntries(
      Array.from({ length: 6 }, (_, at) => [
        `p${at}.md`,
        `# Caching ${at}\n\n## How\n\nCaching with a proxy.\n\n## Why\n\nCaching saves time.`,
      ]),
    );
    const { citations } = await ask('how does caching with a proxy work', posts);
    expect(citations).toHaveLength(3);
    expect(new Set(citations.map(({ url }) => url.replace(/#.*/, ''))).size).toBe(3);
  });

  it('cites an address that two files share once', async () => {
    const { citations } = await ask('how do zeppelins land', {
      'a.md': '# Zeppelins\n\nZeppelins land at a mast.',
      'a/index.md': '# Landing\n\nZeppelins land slowly.',
    });
    expect(citations.map(({ url }) => url)).toEqual(['/blog/a']);
  });

  it('encodes anchors that are not ASCII', async () => {
    const { citations } = await ask('怎么用 systemd 自动运行');
    expect(citations[0]?.title).toBe('如何部署到生产环境 › 用 systemd 运行');
    expect(citations[0]?.url).toBe(`/blog/zh/deploying#${encodeURIComponent('用-systemd-运行')}`);
  });

  it('shows a table as a list, and no raw HTML', async () => {
    const { text } = await ask('what are the steps to restore: stop, copy', {
      'a.md':
        '# Restoring\n\n<div class="x" onclick="y()">Restore <b>steps</b></div>\n\n| step | command |\n|---|---|\n| stop | `systemctl stop blog` |\n',
    });
    expect(text).toContain('- stop: `systemctl stop blog`');
    expect(text).toContain('Restore steps');
    expect(text).not.toMatch(/<div|<b>|onclick/);
  });

  it('is cut around what answers, at the end of a sentence', async () => {
    const { text } = await ask('which port does the zeppelin protocol use?', {
      'long.md': `# Notes\n\n${filler('Unrelated prose', 60)} The zeppelin protocol uses port 4711. ${filler('More prose', 60)}`,
    });
    expect(text).toContain('The zeppelin protocol uses port 4711.');
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(text).toMatch(/\.$/);
  });

  it('shows later rows of a long table', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => `| code${at} | meaning of entry ${at} |`);
    rows[100] = '| E4711 | the zeppelin is overdue |';
    const { text } = await ask('what does E4711 mean, zeppelin overdue?', {
      'codes.md': `# Codes\n\n| code | meaning |\n|---|---|\n${rows.join('\n')}\n`,
    });
    expect(text).toContain('- E4711: the zeppelin is overdue');
    expect(text).not.toContain('|');
  });

  it('names the columns of a table that has several', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => `| v${at} | ${at} | about ${at} |`);
    rows[50] = '| ZEPPELIN_TTL | 30 s | how long a zeppelin waits |';
    const { text } = await ask('how long does a zeppelin wait, ZEPPELIN_TTL?', {
      'v.md': `# Variables\n\n| name | default | what |\n|---|---|---|\n${rows.join('\n')}\n`,
    });
    expect(text).toContain('- ZEPPELIN_TTL: default: 30 s · what: how long a zeppelin waits');
  });

  it('says about as much in Chinese as in English, in fewer characters', async () => {
    const line = '飞艇协议使用端口四七一一，并且在每次连接之前检查密钥。';
    const { text } = await ask('飞艇协议使用什么端口？', {
      'zh.md': `# 飞艇协议\n\n${line.repeat(80)}`,
    });
    expect(text).toContain(line);
    expect(text.length).toBeLessThan(600);
  });

  it('goes on to the code that follows, whole, where that is not long', async () => {
    const problem = filler('The zeppelin protocol drops frames', 15);
    const code = (lines: number): string =>
      Array.from({ length: lines }, (_, at) => `set_option_${at} = 1`).join('\n');
    const answer = async (lines: number): Promise<string> => {
      const post = `# Zeppelin\n\n${problem}\n\n\`\`\`ini\n${code(lines)}\n\`\`\`\n\nIt works.`;
      return (await ask('why does the zeppelin protocol drop frames?', { 'a.md': post })).text;
    };
    expect(await answer(50)).toMatch(/set_option_49 = 1\n```$/);
    expect(await answer(200)).not.toContain('set_option');
  });

  it('does not end with a sentence that leads to what is not shown', async () => {
    const code = Array.from({ length: 200 }, (_, at) => `step ${at}`).join('\n');
    const why = `The zeppelin protocol needs a key. ${filler('A frame', 12)}`;
    const { text } = await ask('why does the zeppelin protocol need a key?', {
      'a.md': `# Zeppelin protocol\n\n${why}\n\nThe whole script is this:\n\n\`\`\`sh\n${code}\n\`\`\`\n`,
    });
    expect(text).toBe(why);
  });

  it('fences code that has fences', async () => {
    const { text } = await ask('markdown fences inside zeppelin docs', {
      'a.md': '# Zeppelin docs\n\nMarkdown fences inside:\n\n````md\n```js\nx\n```\n````\n',
    });
    expect(text).toContain('````md\n```js\nx\n```\n````');
  });

  it('shows no image, and keeps what only looks like one in code', async () => {
    const { text } = await ask('how does a zeppelin look', {
      'a.md':
        '# Zeppelins\n\nA zeppelin ![long and grey](z.png) looks \\!\\[so\\](x.png).\n\n' +
        'Write `![zeppelin](z.png)` for a picture of it.\n',
    });
    expect(text).toContain('long and grey');
    expect(text).toContain('`![zeppelin](z.png)`');
    expect(text.replace(/`[^`]*`/g, '')).not.toContain('![');
  });

  it('is never longer than a message may be', async () => {
    const line = 'zeppelin protocol '.repeat(600);
    for (const body of [
      line,
      `\`\`\`\n${line}\n\`\`\``,
      `| ${line} |\n|---|\n| ${line} |`,
      `- ${line}`,
      `# ${line}\n\n${line}`,
    ]) {
      const { text, outcome, citations } = await ask('zeppelin protocol', {
        'zeppelin-protocol.md': body,
      });
      expect(outcome).toBe('found');
      expect([...text].length).toBeLessThanOrEqual(3_500);
      expect(citations[0]?.title.length).toBeLessThan(700);
    }
  });
});
