import { expect, it } from 'vitest';
import { fillVariables } from './fill-variables.ts';

const fallback = { name: 'there', page: 'this page', owner: 'me' };

it('fills every variable, however often and in whatever case it stands there', () => {
  const text = 'Hi {name}, {Name}! About “{page}”. {OWNER}';
  expect(fillVariables(text, { name: 'Li', page: 'Caches', owner: 'Ada' }, fallback)).toBe(
    'Hi Li, Li! About “Caches”. Ada',
  );
});

it('falls back politely where nothing is known', () => {
  expect(fillVariables('Hi {name}, {page}, {owner}', { name: '  ' }, fallback)).toBe(
    'Hi there, this page, me',
  );
});

it('fills once: a visitor whose name is a variable learns nothing', () => {
  expect(fillVariables('{name}', { name: '{owner} $& $1', owner: 'Ada' }, fallback)).toBe(
    '{owner} $& $1',
  );
});

it('leaves other braces as they are', () => {
  expect(fillVariables('{nam} {{name}} {}', { name: 'Li' }, fallback)).toBe('{nam} {Li} {}');
});
