import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { ChannelConfig } from './channel-config.ts';
import { parseChannels } from './parse-channels.ts';

function parsed(notify: string): ChannelConfig[] {
  const result = parseChannels(notify);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function refused(notify: string): string {
  const result = parseChannels(notify);
  if (result.ok) throw new Error('was accepted');
  return result.error;
}

describe('parseChannels: webhooks', () => {
  it('takes the secret out of the address and leaves the rest as it was written', () => {
    const [config] = parsed(
      'webhook+https://hooks.example.com/a/b?x=1%2C2&secret=p%40s%2Cs+w&y=%20z',
    );
    expect(config).toMatchObject({
      kind: 'webhook',
      url: 'https://hooks.example.com/a/b?x=1%2C2&y=%20z',
      secret: 'p@s,s+w',
    });
  });

  it('accepts plain http for loopback hosts only', () => {
    for (const host of ['127.0.0.1:9', 'localhost', '[::1]:8080', '127.9.9.9', 'a.localhost']) {
      expect(parsed(`webhook+http://${host}/x`)).toHaveLength(1);
    }
    for (const host of ['example.com', '10.0.0.1', 'localhost.example.com', '[2001:db8::1]']) {
      expect(refused(`webhook+http://${host}/x`)).toContain('unencrypted');
    }
  });

  it('names the channel the same after its secret was changed, without secret or long token', () => {
    const [one] = parsed('webhook+https://h.example/hooks/T0123456789ABCDEFGH/x?secret=first');
    const [two] = parsed('webhook+https://h.example/hooks/T0123456789ABCDEFGH/x?secret=second');
    const [other] = parsed('webhook+https://h.example/hooks/TZZZZZZZZZZZZZZZZZZ/x?secret=first');
    expect(one?.channel).toMatch(/^webhook:h\.example\/hooks\/…\/x#[0-9a-f]{8}$/);
    expect(two?.channel).toBe(one?.channel);
    expect(other?.channel).not.toBe(one?.channel);
  });

  it('says what is wrong with a webhook', () => {
    expect(refused('webhook+https://')).toContain('is not an address');
    expect(refused('webhook+https://h.example/?secret=')).toContain('empty secret');
    expect(refused('webhook+https://h.example/?secret=a&secret=b')).toContain('more than one');
    expect(refused('webhook+https://me:pw@h.example/')).toContain('?secret=');
    expect(refused('webhook+https://h.example/#x')).toContain('%23');
    expect(refused('webhook+https://h.example/?secret=%E0%A4%A')).toContain('%25');
  });
});

describe('parseChannels: mail', () => {
  it('decodes credentials, and leaves + in an address alone', () => {
    const [config] = parsed(
      'smtp://me%40example.com:p%2Fa%3As%23%25%2C@mail.example.com?from=Blog%20%3Cblog%40example.com%3E&to=owner+blog@example.com',
    );
    expect(config).toMatchObject({
      kind: 'smtp',
      host: 'mail.example.com',
      port: 587,
      implicitTls: false,
      loopback: false,
      credentials: { user: 'me@example.com', password: 'p/a:s#%,' },
      from: { name: 'Blog', address: 'blog@example.com' },
      to: [{ address: 'owner+blog@example.com' }],
    });
  });

  it('takes several recipients, repeated or in one parameter', () => {
    const [config] = parsed('smtps://h.example?from=a@b.c&to=x@y.z%2Cv@w.x&to=p@q.r');
    expect(config).toMatchObject({
      port: 465,
      implicitTls: true,
      to: [{ address: 'x@y.z' }, { address: 'v@w.x' }, { address: 'p@q.r' }],
    });
    expect(config).not.toHaveProperty('credentials');
  });

  it('reads IPv6 hosts, ports, international names and loopback', () => {
    const of = (host: string) => parsed(`smtp://${host}?from=a@b.c&to=x@y.z`)[0];
    expect(of('[2001:db8::1]:2525')).toMatchObject({ host: '2001:db8::1', port: 2525 });
    expect(of('[::1]')).toMatchObject({ host: '::1', loopback: true });
    expect(of('localhost:25')).toMatchObject({ host: 'localhost', loopback: true });
    expect(of('bücher.example')).toMatchObject({ host: 'xn--bcher-kva.example' });
  });

  it('keeps the channel when server, password or sender change, not when the recipient does', () => {
    const name = (entry: string) => parsed(entry)[0]?.channel;
    const before = name('smtp://u:wrong@old.example?from=a@b.c&to=Owner@example.com');
    expect(before).toMatch(/^smtp:example\.com#[0-9a-f]{8}$/);
    expect(name('smtps://u:right@new.example?from=d@e.f&to=owner@example.com')).toBe(before);
    expect(name('smtp://u:wrong@old.example?from=a@b.c&to=other@example.com')).not.toBe(before);
  });

  it('says what is wrong with a mail channel', () => {
    const ends = '?from=a@b.c&to=x@y.z';
    expect(refused('smtp://h.example?from=a@b.c')).toContain('names no recipient');
    expect(refused('smtp://h.example?from=a@b.c&to=')).toContain('names no recipient');
    expect(refused('smtp://h.example?to=a@b.c')).toContain('names no sender');
    expect(refused('smtp://h.example?from=a@b.c&from=d@e.f&to=x@y.z')).toContain('one valid');
    expect(refused('smtp://h.example?from=a@b.c&to=nobody')).toContain('not an e-mail address');
    expect(refused('smtp://h.example?from=a@b.c&to=x@y.z%0D%0ABcc:q@r.s')).toContain('recipient');
    expect(refused(`smtp://u@h.example${ends}`)).toContain('user without a password');
    expect(refused(`smtp://u:pa/ss@h.example${ends}`)).toContain('percent-encoded');
    expect(refused(`smtp://h.example/x${ends}`)).toContain('where none belongs');
    expect(refused(`smtp://h.example:0${ends}`)).toContain('port 0');
    expect(refused(`smtp://h.example:99999${ends}`)).toContain('is not an address');
    expect(refused(`smtp://${ends}`)).toContain('no usable host');
    expect(refused(`smtp://h.example${ends}&cc=q@r.s`)).toContain('other than from and to');
  });
});

describe('parseChannels: the documentation', () => {
  it.each(['en', 'zh'])('has examples that work, of every kind (%s)', (lang) => {
    const file = new URL(`../../docs/${lang}/notify-the-owner.md`, import.meta.url);
    const examples = [...readFileSync(file, 'utf8').matchAll(/^NOTIFY=(.+)$/gm)];
    const kinds = examples.flatMap(([, value = '']) => parsed(value).map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(
      new Set(['smtp', 'telegram', 'ntfy', 'slack', 'discord', 'webhook']),
    );
  });
});

describe('parseChannels: the list', () => {
  const mail = 'smtp://h.example?from=a@b.c&to=x@y.z';

  it('keeps the order, skips blanks, and is empty for nothing', () => {
    expect(parsed('')).toEqual([]);
    expect(parsed(' , ')).toEqual([]);
    const configs = parsed(` ${mail} ,, WEBHOOK+HTTPS://h.example/x , `);
    expect(configs.map(({ kind }) => kind)).toEqual(['smtp', 'webhook']);
  });

  it('gives two ways to one mailbox two names, and refuses an entry written twice', () => {
    const [one, two] = parsed(`${mail},smtp://spare.example?from=a@b.c&to=x@y.z`);
    expect(two?.channel).toBe(`${one?.channel}~2`);
    expect(refused(`${mail},${mail}`)).toBe(
      'NOTIFY entry 2 (smtp://…) repeats entry 1: take one of them out',
    );
  });

  it('says what to write in place of a service’s own address', () => {
    expect(refused(`${mail},https://h.example/x`)).toBe(
      'NOTIFY entry 2 (https://…) is not a channel: write webhook+https://…, slack+https://… or discord+https://…',
    );
    expect(refused('slack://T0/B0/x')).toContain('write slack+https://…');
    expect(refused('discord://1/x')).toContain('write discord+https://…');
    expect(refused('fax://1')).toContain('telegram://, ntfy://');
  });

  it('never repeats what may be a secret, however the entry is broken', () => {
    const secret = 'hunter2secret';
    const broken = [
      `smtp://user:a,${secret}:c@h.example?from=a@b.c&to=x@y.z`,
      `smtp://user:${secret}/@h.example?from=a@b.c&to=x@y.z`,
      `smtp://${secret}?${secret}@h.example`,
      `smtp://user:${secret}#@h.example?from=a@b.c&to=x@y.z`,
      `smtp://user:${secret}%@h.example?from=a@b.c&to=x@y.z`,
      `webhook+http://h.example/${secret}?secret=${secret}`,
      `webhook+https://h.example/?secret=${secret}&secret=${secret}`,
      `telegram://${secret}@1`,
      `telegram://1:${secret}@chat/${secret}`,
      `telegram://1:${secret}@1?api=http://${secret}.example`,
      `ntfy://${secret}:${secret}@h.example/a/${secret}`,
      `ntfy+http://${secret}@h.example/t`,
      `slack+https://${secret}@hooks.example/x`,
      `slack+http://hooks.example/${secret}`,
      `discord+https://hooks.example/${secret}?api=${secret}`,
      secret,
      `${secret}://x`,
    ];
    for (const entry of broken) {
      const error = refused(entry);
      expect(error).not.toContain(secret);
      expect(error).not.toMatch(/\n/);
      expect(error).toMatch(/^NOTIFY entry \d/);
    }
  });

  it('answers anything at all with a result', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...['smtp://', 'webhook+https://', 'telegram://1:a', 'ntfy://', 'slack+https://'],
        ...['discord+https://', '?api=', 'h.example'],
        '?from=a@b.c',
        '&to=',
        '@',
        '%',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const result = parseChannels(pieces.join(''));
        expect(result.ok || result.error.startsWith('NOTIFY entry ')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
