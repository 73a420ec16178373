/** Folders as the usual generators have them, each with the front matter that is its own. */
import { describe, expect, it } from 'vitest';
import { readPost, type Post, type ReadPost } from './read-post.ts';

const options = { baseUrl: 'https://blog.example.com/', nowMs: Date.parse('2025-06-01T00:00:00Z') };
const read = (path: string, text: string): ReadPost => readPost(path, text, options);
function post(path: string, text: string): Post {
  const found = read(path, text);
  if (found.status !== 'post') throw new Error(`expected a post, got ${JSON.stringify(found)}`);
  return found.post;
}
const urlOf = (path: string, head: string): string =>
  post(path, `---\n${head}\n---\ntext`).url.replace('https://blog.example.com', '');
const why = (path: string, text: string): string => {
  const found = read(path, text);
  return found.status === 'hidden' ? found.reason : found.status;
};

describe('Hugo', () => {
  it('has heads in YAML, TOML and JSON', () => {
    for (const head of [
      '---\ntitle: A post\nurl: /x/y/\naliases: [/old/]\n---',
      '+++\ntitle = "A post"\nurl = "/x/y/"\naliases = ["/old/"]\n[params]\ndraft = true\n+++',
      '{"title": "A post", "url": "/x/y/", "aliases": ["/old/"]}',
    ]) {
      expect(post('content/posts/a.md', `${head}\ntext`)).toMatchObject({
        ...{ title: 'A post', url: 'https://blog.example.com/x/y/', keywords: '/old/' },
      });
    }
  });

  it('hides drafts, what is not yet due and what is over', () => {
    expect(why('a.md', '+++\ndraft = true\n+++\ntext')).toBe('draft');
    expect(
      why('a.md', '+++\npublishDate = 2026-01-01T00:00:00Z\ndate = 2020-01-01\n+++\ntext'),
    ).toBe('future');
    expect(why('a.md', '+++\nexpiryDate = 2025-01-01\n+++\ntext')).toBe('expired');
    expect(read('a.md', '---\nexpiryDate: 2026-01-01\n---\ntext')).toMatchObject({
      ...{ status: 'post', untilMs: Date.parse('2026-01-01') },
    });
    expect(why('a.md', '---\nheadless: true\n---\ntext')).toBe('private');
  });

  it('has addresses by slug and by pattern, and languages in names', () => {
    expect(urlOf('posts/2024/a.md', 'slug: other')).toBe('/posts/2024/other');
    expect(urlOf('posts/a.md', 'url: /:year/:slug/\ndate: 2024-03-04\nslug: s')).toBe('/2024/s/');
    expect(post('posts/a.zh-cn.md', 'text').lang).toBe('zh-cn');
    expect(post('posts/v1.2.md', 'text').lang).toBeUndefined();
  });

  it('has shortcodes that are no words', () => {
    const { blocks } = post(
      'a.md',
      '{{< figure src="a.png" >}}\n\nText {{% note %}}inside{{% /note %}}.',
    );
    expect(blocks.map((block) => block.text)).toEqual(['Text inside.']);
  });
});

describe('Jekyll', () => {
  it('has dates in names, and drafts in a folder of their own', () => {
    expect(post('_posts/2024-01-02-first-steps.md', 'text').title).toBe('first steps');
    expect(why('_drafts/idea.md', 'text')).toBe('draft');
    expect(why('_posts/2024-01-02-a.md', '---\npublished: false\n---\ntext')).toBe('draft');
  });

  it.each([
    ['permalink: /about/', '/about/'],
    [
      'permalink: /:categories/:year/:month/:day/:title/\ncategories: [Web Dev, css]',
      '/web-dev/css/2024/01/02/first-steps/',
    ],
    [
      'permalink: /:categories/:year/:month/:day/:title:output_ext\ncategory: web',
      '/web/2024/01/02/first-steps.html',
    ],
    ['permalink: /:categories/:title\ncategories: a b', '/a/b/first-steps'],
    [
      'permalink: /:year/:i_month/:i_day/:title.html\ndate: 2023-11-05 23:30:00 -0800',
      '/2023/11/5/first-steps.html',
    ],
    ['permalink: /:short_year/:slug\nslug: other', '/24/other'],
    ['permalink: /:unheard/:title/', '/_posts/2024-01-02-first-steps'],
    ['permalink: //evil.example/:title/', '/evil.example/first-steps/'],
  ])('%j', (head, url) => {
    expect(urlOf('_posts/2024-01-02-first-steps.md', head)).toBe(url);
  });

  it('has categories in folders, too', () => {
    expect(urlOf('linux/_posts/2024-01-02-a.md', 'permalink: /:categories/:title/')).toBe(
      '/linux/a/',
    );
  });
});

describe('Hexo', () => {
  it('has posts and drafts in its source folder, some behind a password', () => {
    expect(
      post(
        'source/_posts/hello.md',
        '---\ntitle: 你好\ndate: 2024-01-02 10:00:00\ntags:\n  - 部署\n---\n正文',
      ).keywords,
    ).toBe('部署');
    expect(why('source/_drafts/idea.md', 'text')).toBe('draft');
    expect(why('source/_posts/a.md', '---\npassword: hush\n---\ntext')).toBe('private');
    expect(why('source/_posts/a.md', '---\npublished: false\n---\ntext')).toBe('draft');
    expect(
      post('source/_posts/a.md', 'Intro\n\n<!-- more -->\n\nRest').blocks.map(({ text }) => text),
    ).toEqual(['Intro', 'Rest']);
    expect(post('source/_posts/a.md', '{% note info %}\nTold\n{% endnote %}').blocks[0]?.text).toBe(
      'Told',
    );
  });
});

describe('Astro and Next.js', () => {
  it('hides what is not due and what is a draft', () => {
    expect(why('src/content/blog/a.mdx', '---\npubDate: 2026-01-01\n---\ntext')).toBe('future');
    expect(
      why('src/content/blog/a.mdx', "---\npubDatetime: '2026-01-01T00:00:00Z'\n---\ntext"),
    ).toBe('future');
    expect(why('a.mdx', "export const metadata = { title: 'A', draft: true }\n\ntext")).toBe(
      'draft',
    );
  });

  it('has heads that are exported', () => {
    const text =
      "import X from './x'\n\nexport const metadata = {\n  title: 'An MDX post',\n  date: '2024-01-02',\n}\n\nexport default ({ children }) => <X>{children}</X>\n\nText";
    expect(post('a.mdx', text)).toMatchObject({ title: 'An MDX post', blocks: [{ text: 'Text' }] });
    expect(
      post('a.mdx', 'export const meta = { title: compute(), x: `y` }\n\n# Heading\n\nText').title,
    ).toBe('Heading');
  });

  it('has components, whose text stays', () => {
    const { blocks } = post(
      'a.mdx',
      `import { Tabs } from './tabs'

# Title

<Callout type="warning" onClick={() => a > b}>
    Mind the **gap**.
</Callout>

<Tabs items={['npm', 'yarn']}><Tab>Run it</Tab></Tabs>

<Image src={photo} alt="x" />

Text with <Badge>new</Badge> words and \`<Code a={1}>\` in it, a < b.

{props.children}

<>
  Fragment
</>

\`\`\`jsx
<Button onClick={() => run()}>Go</Button>
\`\`\`
`,
    );
    expect(blocks.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'heading: Title',
      'text: Mind the gap.',
      'text: Run it',
      'text: Text with new words and `<Code a={1}>` in it, a < b.',
      'text: Fragment',
      'code: <Button onClick={() => run()}>Go</Button>',
    ]);
  });

  it('is no way to keep the server busy', () => {
    expect(read('a.mdx', '<A '.repeat(40_000)).status).toMatch(/post|hidden/);
    expect(read('a.mdx', `\`\`\`\n${'<A>{'.repeat(20_000)}`).status).toMatch(/post|hidden/);
  });
});
