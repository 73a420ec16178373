import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from './read-document.ts';
import type { Feed, WebDocument } from './web-document.ts';

const url = 'https://feeds.example/blog/feed.xml';
const read = (text: string | Uint8Array, contentType = ''): WebDocument =>
  readDocument({
    ...{ url, contentType, robotsTag: '' },
    body: typeof text === 'string' ? new TextEncoder().encode(text) : text,
  });
function feed(text: string, contentType?: string): Feed {
  const document = read(text, contentType);
  if (document.kind !== 'feed') throw new Error(`expected a feed, got ${JSON.stringify(document)}`);
  return document.feed;
}
const long = `<h2 id="setup">Set up</h2><p>${'Words about deployment. '.repeat(80)}</p>`;
const escaped = long.replaceAll('<', '&lt;');

describe('a feed', () => {
  it('may be RSS 2.0, with content in CDATA or escaped', () => {
    const { entries, homepage } = feed(`<?xml version="1.0"?>
      <!-- made by hand --><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
      <title>Blog</title><link>https://blog.example.com/</link><language>en</language>
      <item><title><![CDATA[Tom & <b>Jerry</b>]]></title><link>/a</link><content:encoded><![CDATA[${long}]]></content:encoded><category>Linux</category></item>
      <item><title>AT&amp;amp;T &amp;lt;3</title><guid>https://blog.example.com/b</guid><description>${escaped}${escaped}</description></item>
      <item><title>No link</title><guid isPermaLink="false">https://blog.example.com/x</guid></item>
      <item><title>Beginning</title><link>https://blog.example.com/c?utm_source=rss</link><description>It starts…</description></item>
      </channel></rss>`);
    expect(homepage).toBe('https://blog.example.com/');
    expect(
      entries.map((entry) => [entry.url, entry.title, entry.isWhole, entry.blocks[0]?.label]),
    ).toEqual([
      ['https://blog.example.com/a', 'Tom & Jerry', true, 'setup'],
      ['https://blog.example.com/b', 'AT&T <3', true, 'setup'],
      ['https://blog.example.com/c', 'Beginning', false, ''],
    ]);
    expect(entries[0]).toMatchObject({ keywords: 'Linux', lang: 'en' });
  });

  it('may be RSS 1.0, whatever its prefixes', () => {
    const { entries } =
      feed(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <channel rdf:about="x"><title>B</title><link>https://blog.example.com/</link></channel>
      <item rdf:about="https://blog.example.com/a"><title>A</title><link>https://blog.example.com/a</link><description>Short</description></item></rdf:RDF>`);
    expect(entries).toMatchObject([
      { url: 'https://blog.example.com/a', title: 'A', isWhole: false },
    ]);
  });

  it('may be Atom, with addresses relative to their bases', () => {
    const { entries, next } =
      feed(`<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://blog.example.com/x/" xml:lang="de">
      <a:link rel="self" href="self.xml"/><a:link rel="next" href="/feed/2"/>
      <a:entry xml:base="posts/"><a:title type="html">&lt;em&gt;A&lt;/em&gt; &amp;amp; B</a:title>
        <a:link rel="enclosure" href="a.mp3"/><a:link href="a/"/><a:updated>2024-01-01</a:updated>
        <a:content type="xhtml"><a:div><a:h2 id="k">K</a:h2><a:p>x &lt; y</a:p></a:div></a:content></a:entry>
      <a:entry><a:id>https://blog.example.com/by-id</a:id><a:title>T &lt;b&gt;</a:title><a:summary>Sum</a:summary></a:entry></a:feed>`);
    expect(next).toBe('https://blog.example.com/feed/2');
    expect(entries).toMatchObject([
      {
        url: 'https://blog.example.com/x/posts/a/',
        title: 'A & B',
        lang: 'de',
        updated: '2024-01-01',
      },
      { url: 'https://blog.example.com/by-id', isWhole: false },
    ]);
    expect(entries[0]?.blocks.map((block) => `${block.label} ${block.text}`)).toEqual([
      'k K',
      ' x < y',
    ]);
  });

  it('may be a JSON Feed', () => {
    const json = {
      version: 'https://jsonfeed.org/version/1.1',
      home_page_url: 'https://blog.example.com',
      next_url: '/2',
      items: [
        { id: '1', url: '/a', title: 'A', content_html: long, tags: ['x', 5] },
        { id: 'https://blog.example.com/b', content_text: 'a < b' },
        { id: '3' },
        null,
        'x',
      ],
    };
    const { entries, next } = feed(JSON.stringify(json));
    expect(next).toBe('https://feeds.example/2');
    expect(entries.map((entry) => [entry.url, entry.isWhole])).toEqual([
      ['https://blog.example.com/a', true],
      ['https://blog.example.com/b', false],
    ]);
    expect(entries[1]?.blocks[0]?.text).toBe('a < b');
  });

  it('that breaks off has the entries before that', () => {
    const { entries } = feed(
      '<rss><channel><item><title>A</title><link>https://b.example/a</link></item><item><title>B</title><link>https://b.ex',
    );
    expect(entries[0]?.url).toBe('https://b.example/a');
  });

  it('leads only to pages of the web', () => {
    const links = [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'ftp://x/',
      'https://user:pw@b.example/',
      ' ',
    ];
    const items = links.map((link) => `<item><title>x</title><link>${link}</link></item>`);
    expect(feed(`<rss><channel>${items.join('')}</channel></rss>`).entries).toEqual([]);
  });
});

describe('hostile XML', () => {
  it('has no entities of its own: a billion laughs stay unlaughed', () => {
    const entities = Array.from(
      { length: 12 },
      (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
    );
    const laughs = `<!DOCTYPE rss [<!ENTITY l0 "lol">${entities.join('')}<!ENTITY file SYSTEM "file:///etc/passwd">]>
      <rss><channel><item><title>&l12; &file;</title><link>https://b.example/a</link></item></channel></rss>`;
    const document = read(laughs);
    expect(JSON.stringify(document).length).toBeLessThan(1_000);
    expect(JSON.stringify(document)).not.toMatch(/lollol|root:/);
  });

  it.each([
    ['nested without end', `<rss>${'<a>'.repeat(100_000)}`],
    ['with names of prototypes', '<rss><__proto__><item/></__proto__></rss>'],
    ['open at the first tag', '<?xml version="1.0"?><rss'],
    ['of another kind', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['with bad attributes', '<?xml version="1.0"?><urlset a="b</urlset>'],
  ])('%s is refused with a reason', (_, text) => {
    expect(read(text, 'application/xml')).toMatchObject({
      kind: 'other',
      reason: expect.stringMatching(/XML/),
    });
  });
});

describe('a sitemap', () => {
  it('is known by its content, also compressed', () => {
    const xml =
      '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="x"><url><loc>\n https://b.example/a&amp;b \n</loc><lastmod>2024-05-01</lastmod></url><url><loc>/rel</loc></url><url/></urlset>';
    const pages = [
      { url: 'https://b.example/a&b', lastmod: '2024-05-01' },
      { url: 'https://feeds.example/rel', lastmod: '' },
    ];
    expect(read(xml, 'text/html')).toEqual({ kind: 'sitemap', pages });
    expect(read(gzipSync(xml), 'application/gzip')).toEqual({ kind: 'sitemap', pages });
    expect(read(gzipSync(xml).subarray(0, 40))).toMatchObject({
      kind: 'other',
      reason: expect.stringMatching(/compressed/),
    });
  });

  it('may be an index, or a text', () => {
    expect(
      read('<sitemapindex><sitemap><loc>https://b.example/s.xml.gz</loc></sitemap></sitemapindex>'),
    ).toEqual({
      ...{ kind: 'sitemap_index', sitemaps: [{ url: 'https://b.example/s.xml.gz', lastmod: '' }] },
    });
    expect(
      read('\ufeffhttps://b.example/a\r\n\r\nhttps://b.example/b', 'text/plain'),
    ).toMatchObject({
      ...{
        kind: 'sitemap',
        pages: [{ url: 'https://b.example/a' }, { url: 'https://b.example/b' }],
      },
    });
    expect(read('https://b.example/a\nhello', 'text/plain')).toMatchObject({ kind: 'other' });
  });
});

it('tells what else something is', () => {
  expect(read('')).toEqual({ kind: 'other', reason: 'empty' });
  expect(read('{"a":1}')).toMatchObject({ reason: 'JSON, but no JSON Feed' });
  expect(read(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), 'image/png')).toMatchObject({
    reason: expect.stringContaining('image/png'),
  });
  expect(read('just words', 'text/plain')).toMatchObject({
    kind: 'other',
    reason: expect.stringMatching(/neither/),
  });
  expect(read('<p>A page</p>', 'text/html')).toMatchObject({ kind: 'page' });
});

it('is read without a fault, whatever it is made of', () => {
  const piece = fc.constantFrom(
    ...['<rss>', '<channel>', '<item>', '</item>', '<title>', '</title>', '<link>', '</link>', 'x'],
    ...[
      '<feed>',
      '<entry>',
      '<content type="xhtml">',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&#x110000;',
    ],
    ...[
      '<urlset>',
      '<url>',
      '<loc>',
      'https://b.example/%E0%A4%A',
      '<?xml version="1.0"?>',
      '&amp',
      '<',
    ],
    ...[
      '<html>',
      '<body>',
      '<article>',
      '<table>',
      '<tr>',
      '<td>',
      '<pre>',
      '<h2 id="a">',
      '<ul>',
      '<li>',
    ],
    ...[
      '<script type="application/ld+json">',
      '{"@type":',
      '"',
      '<a href="',
      '">',
      '\ud800',
      '\0',
      '<svg>',
    ],
    ...[
      '<dl>',
      '<dd>',
      '<blockquote>',
      '<p>',
      '</p>',
      '</body>',
      '<template>',
      '<math>',
      '<base href="//">',
    ],
  );
  const kinds = ['page', 'feed', 'sitemap', 'sitemap_index', 'other'];
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 40 }),
      (pieces) => {
        const document = read(pieces.join(''));
        expect(kinds).toContain(document.kind);
        // A fault of ours is caught too, and must not be there at all.
        expect(document).not.toMatchObject({ reason: expect.stringMatching(/cannot be read/) });
      },
    ),
    { numRuns: 300 * Number(process.env['FUZZ_FACTOR'] ?? 1) },
  );
});

describe('what a terminal would obey', () => {
  const [esc, bell] = ['\u001b[31m', '\u0007'];

  it('is taken out of pages', () => {
    const said = `<p>Words${esc} about &#27;[2J deployment${bell} here. </p>`.repeat(30);
    const page = read(
      `<html lang="e${bell}n"><head><title>A${esc} title</title><meta name="keywords" content="a${bell}b"></head><body><article><h1>A${esc} title</h1>${said}<pre>one\n\ttwo${esc}</pre></article></body></html>`,
      'text/html',
    );
    expect(JSON.stringify(page)).not.toMatch(/\\u00(?:1b|07)/i);
    expect(page).toMatchObject({ kind: 'page', page: { title: 'A[31m title', lang: 'en' } });
    expect(JSON.stringify(page)).toContain(String.raw`one\n\ttwo`);
  });

  it('is taken out of feeds, and of what is said of anything else', () => {
    const { entries } = feed(
      `<rss><channel><item><title>T${esc}</title><link>https://a.example/</link><description>W${bell}ords</description></item></channel></rss>`,
    );
    expect(entries[0]).toMatchObject({ title: 'T[31m', blocks: [{ text: 'Words' }] });
    expect(read(`<?xml version="1.0"?><a${esc}b>x</a${esc}b>`)).toEqual({
      ...{ kind: 'other', reason: 'XML of a kind that is not known (a[31mb)' },
    });
  });
});
