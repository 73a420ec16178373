/** A small bilingual blog, made for tests. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readPost } from '../posts/read-post.ts';
import { createIndexer, type PostIndex } from './post-index.ts';

export const smallBlog: Readonly<Record<string, string>> = {
  'en/deploying.md': `# Deploying the service

Put the service behind a reverse proxy that speaks TLS.

## With systemd

Write a unit file and start it:

\`\`\`ini
# /etc/systemd/system/blog.service
[Service]
ExecStart=/usr/bin/node server.js
Restart=always
\`\`\`

Run \`systemctl enable --now blog\` and it survives a reboot.

## With containers

Build the image, then run it with a volume for the data folder.
`,
  'zh/deploying.md': `# 如何部署到生产环境

把服务放在支持 TLS 的反向代理后面。

## 用 systemd 运行

写一个单元文件，然后执行 \`systemctl enable --now blog\`，重启后也会自动运行。

## 用容器运行

先构建镜像，再挂载数据文件夹来运行。
`,
  'en/backups.md': `---
title: Backing up the database
tags: [sqlite, restore]
---
Copy the file while nothing is written, or let SQLite do it: \`VACUUM INTO 'copy.db'\` makes a
consistent copy of a live database.

## Restoring

Stop the server, put the copy in place of the file, start the server.

| step | command |
|---|---|
| stop | \`systemctl stop blog\` |
| copy | \`cp copy.db data/blog.db\` |
`,
  'en/typography.md': `# Choosing a typeface for long reading

A generous line height and a measure of sixty-six characters keep the eye from losing its line.
Serifs are a matter of taste. Colour contrast is not.
`,
  'zh/typography.md': `# 中文排版笔记

正文行高设为一点八倍，段落之间留白。标点要避头尾。全角字母如 ＣＳＳ 应改成半角。
`,
  'en/parsing-dates.md': `# Parsing dates in Python

Call \`datetime.fromisoformat(text)\` and attach a zone with \`astimezone(timezone.utc)\`.
The function \`parse_http_date\` handles headers.
`,
  'en/webassembly.md': `# Running WebAssembly on the server

A sandbox limits how much memory an untrusted module takes.
`,
};

/** The index of posts given as path and Markdown. */
export function indexOf(posts: Readonly<Record<string, string>>): Promise<PostIndex> {
  const read = Object.entries(posts).flatMap(([path, text]) => {
    const result = readPost(path, text, { baseUrl: '/blog', nowMs: Date.now() });
    return result.status === 'post' ? [result.post] : [];
  });
  return createIndexer().build(read, () => Promise.resolve());
}

/** Writes posts below a folder. */
export async function writePosts(
  folder: string,
  posts: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(posts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
