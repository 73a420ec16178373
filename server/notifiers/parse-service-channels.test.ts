import { describe, expect, it } from 'vitest';
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

describe('parseChannels: Telegram', () => {
  const token = '123456789:AAF-abcdefghijklmnop_QRSTUV';

  it('takes a bot’s token and a chat: a number, a group, a channel by name', () => {
    for (const [chat, expected] of [
      ['42', '42'],
      ['-1001234567890', '-1001234567890'],
      ['@my_channel', '@my_channel'],
      ['my_channel', '@my_channel'],
      ['%40my_channel', '@my_channel'],
    ] as const) {
      const [config] = parsed(`telegram://${token}@${chat}`);
      const api = 'https://api.telegram.org';
      expect(config).toMatchObject({ kind: 'telegram', token, chat: expected, api });
    }
  });

  it('speaks to another server where told so', () => {
    const api = (value: string) => parsed(`telegram://${token}@42?api=${value}`)[0];
    expect(api('http://127.0.0.1:8081')).toMatchObject({ api: 'http://127.0.0.1:8081' });
    expect(api('https%3A%2F%2Ftg.example%2Fbot-api%2F')).toMatchObject({
      api: 'https://tg.example/bot-api',
    });
    expect(refused(`telegram://${token}@42?api=http://tg.example`)).toContain('unencrypted');
    expect(refused(`telegram://${token}@42?api=tg.example`)).toContain(
      'api that is not an address',
    );
    expect(refused(`telegram://${token}@42?api=https://me:pw@tg.example`)).toContain('password');
  });

  it('is named for the bot and the chat, whatever its token', () => {
    const name = (entry: string) => parsed(entry)[0]?.channel;
    const before = name(`telegram://${token}@42`);
    expect(before).toMatch(/^telegram:123456789#[0-9a-f]{8}$/);
    expect(name('telegram://123456789:renewed_token@42?api=http://localhost:1')).toBe(before);
    expect(name(`telegram://${token}@43`)).not.toBe(before);
  });

  it('says what is wrong', () => {
    for (const entry of [
      'telegram://',
      `telegram://${token}`,
      `telegram://${token}@`,
      'telegram://x@42',
    ]) {
      expect(refused(entry)).toContain('no bot token and chat');
    }
    expect(refused(`telegram://${token}@42?silent=1`)).toContain('other than one api');
    expect(refused(`telegram://${token}@%E0%A4`)).toContain('%25');
  });
});

describe('parseChannels: ntfy', () => {
  it('takes a server, a topic and a way to log in', () => {
    expect(parsed('ntfy://ntfy.sh/my-topic')[0]).toMatchObject({
      ...{ kind: 'ntfy', api: 'https://ntfy.sh', topic: 'my-topic' },
    });
    expect(parsed('ntfy://ntfy.sh/my-topic')[0]).not.toHaveProperty('authorization');
    expect(parsed('ntfy://tk_1@ntfy.example:8443/t')[0]).toMatchObject({
      ...{ api: 'https://ntfy.example:8443', authorization: 'Bearer tk_1' },
    });
    expect(parsed('ntfy://me:p%40ss@ntfy.sh/t')[0]).toMatchObject({
      authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    });
  });

  it('speaks http to this machine only', () => {
    const api = (entry: string) => parsed(entry)[0];
    expect(api('ntfy://127.0.0.1:8080/t')).toMatchObject({ api: 'http://127.0.0.1:8080' });
    expect(api('ntfy+http://localhost/t')).toMatchObject({ api: 'http://localhost' });
    expect(api('ntfy+https://[::1]:1/t')).toMatchObject({ api: 'https://[::1]:1' });
    expect(api('ntfy://ntfy.sh/t?api=http://127.0.0.1:9')).toMatchObject({
      api: 'http://127.0.0.1:9',
    });
    expect(refused('ntfy+http://ntfy.example/t')).toContain('unencrypted');
    expect(refused('ntfy://ntfy.sh/t?api=http://10.0.0.1')).toContain('unencrypted');
  });

  it('is named for server and topic, without the topic', () => {
    const name = (entry: string) => parsed(entry)[0]?.channel;
    expect(name('ntfy://ntfy.sh/my-secret-topic')).toMatch(/^ntfy:ntfy\.sh#[0-9a-f]{8}$/);
    expect(name('ntfy://tk_1@ntfy.sh/t')).toBe(name('ntfy://tk_2@ntfy.sh/t'));
    expect(name('ntfy://ntfy.sh/t')).not.toBe(name('ntfy://ntfy.sh/u'));
  });

  it('says what is wrong', () => {
    for (const entry of [
      'ntfy://ntfy.sh',
      'ntfy://ntfy.sh/',
      'ntfy://ntfy.sh/a/b',
      'ntfy://ntfy.sh/ü',
    ]) {
      expect(refused(entry)).toContain('no usable topic');
    }
    expect(refused('ntfy://')).toContain('is not an address');
    expect(refused('ntfy://ntfy.sh/t?priority=5')).toContain('other than one api');
    expect(refused('ntfy://t%0Ak@ntfy.sh/t')).toContain('token with characters');
    expect(refused('ntfy://%E0%A4@ntfy.sh/t')).toContain('%25');
    expect(refused('ntfy://ntfy.sh/t#x')).toContain('%23');
  });
});

describe('parseChannels: Slack and Discord', () => {
  const slack = 'https://hooks.slack.com/services/T0123ABCD/B0123ABCD/abcdefghijklmnop';
  const discord = 'https://discord.com/api/webhooks/1234567890/abc-DEF_ghi';

  it('takes an incoming webhook', () => {
    expect(parsed(`slack+${slack}`)[0]).toMatchObject({ kind: 'slack', url: slack });
    expect(parsed(`discord+${discord}?thread_id=7`)[0]).toMatchObject({
      kind: 'discord',
      url: 'https://discord.com/api/v10/webhooks/1234567890/abc-DEF_ghi?thread_id=7',
    });
    expect(parsed(`discord+${discord.replace('/api/', '/api/v9/')}`)[0]).toMatchObject({
      url: discord.replace('/api/', '/api/v9/'),
    });
  });

  it('posts to another server where told so, or to this machine', () => {
    expect(parsed(`slack+${slack}?api=http://127.0.0.1:9/x/`)[0]).toMatchObject({
      url: 'http://127.0.0.1:9/x/services/T0123ABCD/B0123ABCD/abcdefghijklmnop',
    });
    for (const kind of ['slack', 'discord']) {
      expect(parsed(`${kind}+http://localhost:9/hook`)[0]).toMatchObject({
        ...{ kind, url: 'http://localhost:9/hook' },
      });
      expect(refused(`${kind}+http://h.example/hook`)).toContain('unencrypted');
      expect(refused(`${kind}+https://h.example/x?api=http://h.example`)).toContain('unencrypted');
    }
  });

  it('is named for its host, with nothing of the address', () => {
    const name = (entry: string) => parsed(entry)[0]?.channel;
    expect(name(`slack+${slack}`)).toMatch(/^slack:hooks\.slack\.com#[0-9a-f]{8}$/);
    expect(name(`slack+${slack}?api=http://127.0.0.1:9`)).toBe(name(`slack+${slack}`));
    expect(name(`discord+${discord}`)).not.toBe(name(`discord+${discord}x`));
  });

  it('says what is wrong', () => {
    expect(refused('slack+https://')).toContain('is not an address');
    expect(refused('slack+https://hooks.slack.com')).toContain('no path');
    expect(refused(`discord+https://me:pw@discord.com/x`)).toContain('user name or password');
    expect(refused(`slack+${slack}#x`)).toContain('has a #');
    expect(refused(`slack+${slack}?api=https://a.b&api=https://c.d`)).toContain(
      'more than one api',
    );
    expect(refused(`slack+${slack}?x=%E0%A4`)).toContain('%25');
  });
});
