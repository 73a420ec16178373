import { describe, expect, it } from 'vitest';
import { createNotifiers } from './create-notifiers.ts';
import { parseChannels } from './parse-channels.ts';

describe('createNotifiers', () => {
  it('makes one adapter an entry of NOTIFY, in order and under its name', async () => {
    const configs = parseChannels(
      'smtps://u:p@h.example?from=a@b.c&to=x@y.z,webhook+https://h.example/hook,smtp://h.example?from=a@b.c&to=x@y.z',
    );
    if (!configs.ok) throw new Error(configs.error);
    const notifiers = createNotifiers(configs.value, { version: '1.2.3' });
    expect(notifiers.map(({ channel }) => channel)).toEqual(
      configs.value.map(({ channel }) => channel),
    );
    expect(new Set(notifiers.map(({ channel }) => channel)).size).toBe(3);
    await Promise.all(notifiers.map((notifier) => notifier.close()));
  });
});
