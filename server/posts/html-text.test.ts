import { describe, expect, it } from 'vitest';
import { decodeEntities, htmlToText } from './html-text.ts';

describe('the text of raw HTML', () => {
  it.each([
    ['<p>One <b>two</b></p><p>three</p>', 'One two\nthree'],
    ['a<br/>b', 'a\nb'],
    ['<script>alert("x")</script>seen', 'seen'],
    ['<STYLE>p { color: red }</STYLE >seen', 'seen'],
    ['<script>never closed', ''],
    ['<!-- hidden <p>x</p> -->seen', 'seen'],
    ['<!-- never closed', ''],
    ['<img src="x.png" alt="A &amp; B">', 'A & B'],
    ['<a title="1 > 0" href=x>link</a>', 'link'],
    ['<details><summary>More</summary>text</details>', 'More\ntext'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['tail <b', 'tail <b'],
    ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
  ])('%s', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it('keeps the lines of preformatted text', () => {
    expect(htmlToText('\n<code>a\n  b &lt; c</code>\n', { keepSpace: true })).toBe('a\n  b < c');
  });

  it('reads a wall of opened tags in one pass', () => {
    const wall = '<a '.repeat(200_000);
    expect(htmlToText(wall)).toHaveLength(wall.length - 1);
  });
});

describe('character references', () => {
  it.each([
    ['&lt;b&gt; &#65;&#x42; &hellip;', '<b> AB …'],
    ['&unknown; & &#0; &#xD800; &#x110000;', '&unknown; & \ufffd \ufffd \ufffd'],
    ['&constructor;', '&constructor;'],
  ])('%s', (text, decoded) => {
    expect(decodeEntities(text)).toBe(decoded);
  });
});
