import { expect, it } from 'vitest';
import { inboxUrl } from './inbox-url.ts';

it.each([
  ['https://chat.example/console', 'https://chat.example/console/sw.js'],
  ['https://chat.example/console#/c/1', 'https://chat.example/console/sw.js'],
  ['https://chat.example/console/', 'https://chat.example/console/sw.js'],
  ['https://chat.example/below/console?x=1', 'https://chat.example/below/console/sw.js'],
])('files of the inbox at %s stand below it', (page, wanted) => {
  expect(inboxUrl('sw.js', page)).toBe(wanted);
});
