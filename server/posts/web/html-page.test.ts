import { describe, expect, it } from 'vitest';
import { readPage } from './html-page.ts';
import { postPage } from './test-site.ts';
import type { WebPage } from './web-document.ts';

const url = 'https://blog.example.com/posts/first/';
const page = (content: string, head = '', at = url): WebPage =>
  readPage(postPage('First steps', content, head), at);
const shape = (content: string): string[] =>
  page(content)
    .blocks.slice(1)
    .map((block) => `${block.kind}${block.label && `#${block.label}`}: ${block.text}`);
const prose = '<p>Words about deployment that are long enough.</p>'.repeat(12);

describe('the article of a page', () => {
  it('keeps the anchors of its headings, wherever the theme puts them', () => {
    expect(
      shape(
        `<h2 id="own">Own<a class="headerlink" href="#own" title="Permalink">¶</a></h2>x
        <h2><a id="inner" class="anchor"></a>Inner</h2>x
        <h3><a href="#linked"># </a>Linked</h3>x
        <h3><a href="#whole" class="anchor">Whole <code>heading</code></a></h3>x
        <section id="around"><h2>Around</h2>x</section>
        <a name="before"></a><h2>Before</h2>x
        <div><h2>Behind</h2><a class="anchor" href="#behind"><svg></svg></a></div>x
        <h2 id="部署">部署 <svg><title>link</title></svg></h2>x
        <h2>None</h2>x`,
      ).filter((line) => line.startsWith('heading')),
    ).toEqual([
      'heading#own: Own',
      'heading#inner: Inner',
      'heading#linked: Linked',
      'heading#whole: Whole heading',
      'heading#around: Around',
      'heading#before: Before',
      'heading#behind: Behind',
      'heading#部署: 部署',
      'heading: None',
    ]);
  });

  it('has code with its language and without line numbers', () => {
    expect(
      shape(`<pre><code class="language-ts">const a = 1;\n\n  b();\n</code></pre>
        <div class="highlight language-bash"><pre><code>npm i</code></pre></div>
        <figure class="highlight js"><table><tr><td class="gutter"><pre><span class="line">1</span><br><span class="line">2</span><br></pre></td>
          <td class="code"><pre><span class="line">let a;</span><br><span class="line">let b;</span><br></pre></td></tr></table></figure>
        <div class="highlight"><table class="lntable"><tr><td class="lntd"><pre><span class="lnt">1\n</span></pre></td><td class="lntd"><pre><code class="language-go" data-lang="go">go run .</code></pre></td></tr></table></div>
        <pre class="astro-code github-dark" data-language="css"><code><span class="line">a {}</span>\n<span class="line">b {}</span></code></pre>
        <div class="language-vue vp-adaptive-theme"><button class="copy">Copy</button><span class="lang">vue</span><pre class="shiki"><code><span class="line">a</span>\n<span class="line">b</span></code></pre></div>
        <div class="language-sh codeBlock"><pre><code><span class="token-line">ls<br></span><span class="token-line">cd<br></span></code></pre></div>
        <pre data-language="js"><code><div class="ec-line"><div class="gutter">1</div><div class="code">x</div></div><div class="ec-line"><div class="gutter">2</div><div class="code">y</div></div></code></pre>
        <pre>plain &lt;b&gt;</pre>`),
    ).toEqual([
      'code#ts: const a = 1;\n\n  b();',
      'code#bash: npm i',
      'code#js: let a;\nlet b;',
      'code#go: go run .',
      'code#css: a {}\nb {}',
      'code#vue: a\nb',
      'code#sh: ls\ncd',
      'code#js: x\ny',
      'code: plain <b>',
    ]);
  });

  it('has lists, quotes and tables as lines', () => {
    expect(
      shape(`<ol start="2"><li>Two<ul><li>inner</li></ul></li><li><p>Three</p><p>more</p></li></ol>
        <blockquote><p>Said</p><p>again</p></blockquote>
        <table><thead><tr><th>Name</th><th>Value</th></tr></thead><tr><td>a</td><td><code>1</code></td></tr></table>
        <dl><dt>Term</dt><dd>Meaning</dd></dl>
        <ul><li><pre><code>x</code></pre>after</li></ul>`),
    ).toEqual([
      'list: 2. Two\n   - inner\n3. Three\n   more',
      'text: > Said\n> again',
      'table: | Name | Value |\n| --- | --- |\n| a | `1` |',
      'list: Term\n  Meaning',
      'code: x',
      'list: - after',
    ]);
  });

  it('decodes references, and knows how much of a text is links', () => {
    const [, text] = page(
      '<p>A &amp;lt; &hellip; &#x4e2d; &copy; <a href="/x">linked words</a></p>',
    ).blocks;
    expect(text?.text).toBe('A &lt; … 中 © linked words');
    expect(text?.linkShare).toBeCloseTo(12 / 26, 1);
  });

  it('begins at its title', () => {
    const above = '<p><a href="/">All posts</a> <time>May 5</time></p>';
    const read = readPage(
      `<title>First | b</title><article>${above}<h1>First</h1><p>Text</p></article>`,
      url,
    );
    expect(read.blocks.map((block) => block.text)).toEqual(['First', 'Text']);
  });

  it('is found among what a theme puts around it', () => {
    const around = `<html><head><title>First steps - My blog</title></head><body>
      <div id="sidebar"><ul>${'<li><a href="/x">Another post</a></li>'.repeat(20)}</ul></div>
      <div id="main">${'<p>The story of the deployment, with commas, and long enough to be prose. It goes on.</p>'.repeat(20)}
        <h2 id="comments">Comments in code</h2><p>About comments in code, which are written for people, not for machines.</p></div>
      <div id="comment-box">Leave a comment</div><script>var x = '<p>no</p>';</script></body></html>`;
    const read = readPage(around, url);
    const text = read.blocks.map((block) => block.text).join('\n');
    expect(text).toContain('The story of the deployment');
    expect(text).not.toMatch(/Another post|Leave a comment|var x/);
    expect(
      read.blocks.filter((block) => block.kind === 'heading').map(({ label }) => label),
    ).toEqual(['comments']);
    expect(read.title).toBe('First steps');
  });

  it.each([
    '',
    '<',
    'no markup',
    '<html>',
    '<p>open',
    '<!doctype html><html><head><title>x',
    '<frameset><frame src=x></frameset>',
    '\0\0',
    '<svg><p>x</svg>',
  ])('of %j is read without a fault', (html) => {
    expect(() => readPage(html, url)).not.toThrow();
  });
});

describe('what a page says of itself', () => {
  const titleOf = (head: string, body: string): string =>
    readPage(`<html><head>${head}</head><body>${body}</body></html>`, url).title;

  it.each([
    ['<title>A post | My blog</title>', '<p>x', 'A post'],
    [
      '<title>A post – part two - My blog</title>',
      '<h1>A post – part two</h1>',
      'A post – part two',
    ],
    [
      '<title>My blog: A post</title><meta property="og:site_name" content="My blog">',
      '',
      'A post',
    ],
    [
      '<title>x</title><meta property="og:title" content="From og"><meta property="og:site_name" content="My blog">',
      '',
      'From og',
    ],
    [
      '<title>y | b</title><meta property="og:title" content="My blog"><meta property="og:site_name" content="My blog">',
      '<h1>Heading</h1>',
      'Heading',
    ],
    [
      '<title>x</title><script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"b"},{"@type":"BlogPosting","headline":"From data"}]}</script>',
      '<h1>H</h1>',
      'From data',
    ],
    ['<script type="application/ld+json">{broken</script><title>C++ | b</title>', '', 'C++'],
    ['', '<h1>Only a heading</h1>', 'Only a heading'],
    [
      '<title>A post - My blog</title>',
      '<header><h1><a href="/">My blog</a></h1></header><h2>A post</h2>',
      'A post',
    ],
    ['<title>部署指南 - 我的博客</title>', '', '部署指南'],
  ])('%s with %s is called so', (head, body, title) => {
    expect(titleOf(head, body)).toBe(title);
  });

  it('gives its own address, its language, its feeds and its links', () => {
    const read = readPage(
      `<html lang="de"><head><base href="/blog/"><link rel="canonical" href="first?utm_source=x">
      <link rel="alternate" type="application/atom+xml" href="atom.xml"><link rel="alternate" hreflang="en" href="/en"></head>
      <body><a href="a#x">A</a><a href="a">A</a><a href="mailto:x@y.example">M</a><a href="javascript:x">J</a><a href="/p.png">P</a><a rel="nofollow" href="/n">N</a></body></html>`,
      url,
    );
    expect(read).toMatchObject({
      canonical: 'https://blog.example.com/blog/first',
      lang: 'de',
      feeds: ['https://blog.example.com/blog/atom.xml'],
      links: ['https://blog.example.com/blog/a'],
    });
  });

  it.each([
    ['<meta name="robots" content="noindex, follow">', '', true],
    ['<meta name="ROBOTS" content="None">', '', true],
    ['<meta name="contact-chat" content="noindex">', '', true],
    ['<meta name="robots" content="index">', '', false],
    ['<meta name="googlebot" content="noindex">', '', false],
    ['', 'noindex', true],
    ['', 'otherbot: noindex', false],
    ['', 'contact-chat: noindex', true],
  ])('asks not to be indexed with %j and the header %j: %s', (head, header, noindex) => {
    expect(readPage(postPage('T', prose, head), url, header).noindex).toBe(noindex);
  });
});

describe('a list of posts', () => {
  const card = (name: string): string =>
    `<article><h2><a href="/${name}">${name}</a></h2><p>Summary of it.</p></article>`;
  it.each<[string, string, string]>([
    ['pagination', 'https://b.example/page/2/', prose],
    ['all tags', 'https://b.example/tags/', prose],
    ['a tag', 'https://b.example/tags/linux/', '<ul><li><a href="/a">A</a></li></ul>'],
    ['a category in Chinese', 'https://b.example/分类/', prose],
    ['an archive by month', 'https://b.example/2024/05/', prose],
    ['entries side by side', 'https://b.example/', card('a') + card('b') + card('c')],
    [
      'links and nothing else',
      'https://b.example/all',
      '<ul>' + '<li><a href="/a">A post with a title</a></li>'.repeat(9) + '</ul>',
    ],
  ])('is told by %s', (_, at, content) => {
    const html = `<html><head><title>x</title></head><body><main>${content}</main></body></html>`;
    expect(readPage(html, at).listing).toBeDefined();
  });

  it.each([
    [
      'a post below a category',
      'https://b.example/categories/linux/',
      '<meta property="og:type" content="article">',
    ],
    ['a post with a date in its address', 'https://b.example/2024/05/12/first-steps/', ''],
    ['a post about tags', 'https://b.example/posts/tags-explained/', ''],
    ['a post about pages', 'https://b.example/posts/page-speed', ''],
  ])('is not %s', (_, at, head) => {
    expect(page(prose, head, at).listing).toBeUndefined();
  });
});
