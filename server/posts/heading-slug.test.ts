import { describe, expect, it } from 'vitest';
import { createHeadingSlugger, headingSlug } from './heading-slug.ts';

describe('anchors of headings', () => {
  it.each([
    ['Getting started', 'getting-started'],
    ['  Set up & run  ', 'set-up--run'],
    ['What’s new in v2.0?', 'whats-new-in-v20'],
    ['snake_case stays', 'snake_case-stays'],
    ['如何部署到生产环境？', '如何部署到生产环境'],
    ['Über café', 'über-café'],
    ['🚀 Launch', '-launch'],
    ['C++ / C#', 'c--c'],
  ])('%s', (heading, slug) => {
    expect(headingSlug(heading)).toBe(slug);
  });

  it('numbers headings of the same name, and never gives one anchor twice', () => {
    const slug = createHeadingSlugger();
    expect(['Usage', 'Usage', 'Usage 1', 'Usage', 'usage'].map(slug)).toEqual([
      'usage',
      'usage-1',
      'usage-1-1',
      'usage-2',
      'usage-3',
    ]);
  });

  it('takes names of object properties for names', () => {
    const slug = createHeadingSlugger();
    expect(['constructor', '__proto__', 'constructor'].map(slug)).toEqual([
      'constructor',
      '__proto__',
      'constructor-1',
    ]);
  });
});
