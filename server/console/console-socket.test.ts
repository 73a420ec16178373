import { beforeEach, describe, expect, it } from 'vitest';
import { createConsoleBench, type ConsoleBench } from './console-bench.ts';
import { maxConsoles } from './console-socket.ts';

describe('the socket of a console', () => {
  let bench: ConsoleBench;
  beforeEach(() => {
    bench = createConsoleBench();
  });

  describe('lets in the owner alone', () => {
    it('and judges by what the request said', async () => {
      const asked: unknown[] = [];
      bench = createConsoleBench({
        authorize: async (facts) => {
          asked.push(facts);
          return undefined;
        },
      });
      const headers = {
        authorization: 'Bearer x',
        cookie: 'a=b',
        origin: 'https://chat.example.com',
        'sec-fetch-site': 'same-origin',
        host: 'chat.example.com',
      };
      const stranger = bench.open(headers);
      await bench.settle();
      expect(asked).toEqual([
        {
          authorization: 'Bearer x',
          cookie: 'a=b',
          origin: 'https://chat.example.com',
          fetchSite: 'same-origin',
          host: 'chat.example.com',
          address: '192.0.2.1',
        },
      ]);
      expect(stranger.closedWith()).toBe(4003);
      expect(stranger.received).toEqual([]);
    });

    it('whose frames wait until that is known, in bounded memory', async () => {
      let decide = (_login: { readonly login?: string } | undefined): void => undefined;
      bench = createConsoleBench({
        authorize: () => new Promise((resolve) => (decide = resolve)),
      });
      await bench.say('c1');
      const owner = bench.open();
      owner.send({ type: 'hello', revision: 0 });
      owner.send({ type: 'presence', active: true });
      await bench.settle();
      expect(owner.received).toEqual([]);
      expect(bench.presence.ownerOnline()).toBe(false);
      decide({});
      await bench.advance(100);
      expect(owner.of('conversation')).toHaveLength(1);
      expect(bench.presence.ownerOnline()).toBe(true);

      const flood = bench.open();
      for (let frame = 0; frame < 17; frame += 1) flood.send({ type: 'ping' });
      expect(flood.closedWith()).toBe(4003);
      const large = bench.open();
      large.send('x'.repeat(20_000));
      expect(large.closedWith()).toBe(4003);
      decide({});
      await bench.settle();
      expect([...flood.received, ...large.received]).toEqual([]);
      expect(bench.consoles.count()).toBe(1);
    });

    it('and asks to come back where it cannot tell', async () => {
      bench = createConsoleBench({ authorize: () => Promise.reject(new Error('no disk')) });
      const owner = bench.open();
      await bench.settle();
      expect(owner.closedWith()).toBe(4103);
      expect(bench.errors).toHaveLength(1);
    });

    it('until they log out, here or everywhere', async () => {
      const [one, other, program] = [
        await bench.join({}, { cookie: 'login-1' }),
        await bench.join({}, { cookie: 'login-2' }),
        bench.open({ cookie: 'none' }),
      ];
      bench.consoles.endLogin('login-1');
      expect([one, other].map((each) => each.closedWith())).toEqual([4003, undefined]);
      bench.consoles.endLogin('all');
      expect(other.closedWith()).toBe(4003);
      const before = one.received.length;
      await bench.say('c1');
      await bench.advance(100);
      expect(one.received).toHaveLength(before);
      expect(program.closedWith()).toBeUndefined();
    });

    it('also where they log out while a console is judged', async () => {
      let valid = true;
      let judged = 0;
      bench = createConsoleBench({
        authorize: async () => {
          judged += 1;
          const login = valid ? { login: 'login-1' } : undefined;
          await bench.settle();
          return login;
        },
      });
      const owner = bench.open();
      valid = false;
      bench.consoles.endLogin('login-1');
      await bench.advance(1);
      await bench.settle();
      await bench.settle();
      expect(owner.closedWith()).toBe(4003);
      expect(judged).toBe(2);
    });

    it('and ends a login whose time has come, but not for a failing store', async () => {
      let answer: () => Promise<{ login: string } | undefined> = async () => ({ login: 'l' });
      bench = createConsoleBench({ authorize: () => answer() });
      const console = await bench.join();
      const keepAlive = async (turns: number): Promise<void> => {
        for (let turn = 0; turn < turns; turn += 1) {
          console.alive();
          await bench.sweep(1);
        }
        await bench.settle();
      };
      answer = () => Promise.reject(new Error('no disk'));
      await keepAlive(60);
      expect(console.closedWith()).toBeUndefined();
      answer = async () => undefined;
      await keepAlive(60);
      expect(console.closedWith()).toBe(4003);
    });

    it('at most so many at once', async () => {
      const all = [];
      for (let each = 0; each < maxConsoles + 1; each += 1) all.push(await bench.join());
      expect(all.at(-1)?.closedWith()).toBe(4103);
      expect(bench.consoles.count()).toBe(maxConsoles);
      all[0]?.cut();
      expect((await bench.join()).closedWith()).toBeUndefined();
    });
  });

  describe('bears whatever is sent', () => {
    it('and ignores what it does not know', async () => {
      const console = await bench.join();
      const before = console.received.length;
      const hostile = [
        ...['', 'null', '[]', '"hello"', '{', '\u0000', '{"type":1}', '{"type":"__proto__"}'],
        ...['{"type":"toString"}', '{"type":"constructor"}', '{"type":"dance"}'],
        '{"type":"hello","revision":-1}',
        '{"type":"hello","revision":"1"}',
        '{"type":"typing","conversation_id":"","active":true}',
        `{"type":"typing","conversation_id":"${'x'.repeat(65)}","active":true}`,
        '{"type":"typing","conversation_id":{"toString":1},"active":true}',
        '{"type":"presence","active":"yes"}',
        `{"type":"presence","active":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
        '{"type":"message","conversation_id":"c1"}',
      ];
      for (const frame of hostile) console.send(frame);
      console.binary();
      await bench.settle();
      expect(console.received).toHaveLength(before);
      expect(console.closedWith()).toBeUndefined();
      expect(bench.presence.ownerOnline()).toBe(false);
      expect(bench.published.filter(({ type }) => type === 'typing')).toEqual([]);
      expect(bench.errors).toEqual([]);
      console.send({ type: 'ping' });
      expect(console.received.at(-1)?.type).toBe('pong');
    });

    it('and tells nothing to a console that has not said hello', async () => {
      const console = bench.open();
      await bench.settle();
      await bench.say('c1');
      await bench.advance(2_000);
      expect(console.received).toEqual([]);
    });

    it('and hears only the first hello', async () => {
      const console = await bench.join();
      console.send({ type: 'hello', revision: 0 });
      await bench.advance(100);
      expect(console.of('ready')).toHaveLength(1);
    });

    it('and takes so many frames and no more', async () => {
      const console = await bench.join();
      for (let frame = 0; frame < 1_000; frame += 1) console.send({ type: 'ping' });
      expect(console.of('pong').length).toBeLessThanOrEqual(200);
      await bench.advance(11_000);
      console.send({ type: 'ping' });
      expect(console.of('pong').length).toBeGreaterThan(199);
      expect(console.closedWith()).toBeUndefined();
    });

    it('and closes for a frame that is too large', async () => {
      const console = await bench.join();
      console.tooLarge();
      expect(console.closedWith()).toBe(1009);
    });
  });

  describe('ends', () => {
    it('where nothing is heard for half a minute, after it asked; the owner is gone soon after', async () => {
      const [silent, quiet] = [await bench.join(), await bench.join()];
      silent.send({ type: 'presence', active: true });
      for (let turn = 0; turn < 6; turn += 1) {
        // A browser answers pings by itself, and says nothing else.
        if (quiet.pings() > turn / 3) quiet.alive();
        await bench.sweep(1);
      }
      expect(silent.pings()).toBe(1);
      expect(silent.closedWith()).toBe(4101);
      expect(bench.presence.ownerOnline()).toBe(true);
      await bench.advance(10_000);
      expect(bench.presence.ownerOnline()).toBe(false);
      for (let turn = 0, answered = 0; turn < 100; turn += 1) {
        await bench.sweep(1);
        if (quiet.pings() > answered) quiet.alive();
        answered = quiet.pings();
      }
      expect(quiet.closedWith()).toBeUndefined();
    });

    it('where a console does not read, and tells it all when it is back', async () => {
      const lazy = await bench.join();
      const revision = await bench.store.revision();
      lazy.stopReading();
      for (let message = 0; lazy.closedWith() === undefined && message < 2_000; message += 1) {
        await bench.say(`c${message % 10}`, '长'.repeat(3_000));
      }
      expect(lazy.closedWith()).toBe(4100);
      const back = await bench.join({ revision });
      await bench.advance(100);
      expect(
        back
          .of('conversation')
          .map(({ conversation }) => conversation.id)
          .toSorted(),
      ).toEqual(Array.from({ length: 10 }, (_, index) => `c${index}`));
    });

    it('not where much has to be told to a console that reads', async () => {
      for (let each = 0; each < 400; each += 1) await bench.say(`c${each}`, '长'.repeat(3_000));
      const slow = bench.open();
      slow.stopReading();
      slow.send({ type: 'hello', revision: 0 });
      await bench.advance(5_000);
      const first = slow.of('conversation').length;
      expect(first).toBeGreaterThan(10);
      expect(first).toBeLessThan(100);
      for (let turn = 0; turn < 100 && slow.of('conversation').length < 400; turn += 1) {
        slow.readAgain();
        slow.stopReading();
        slow.alive();
        await bench.sweep(1);
      }
      expect(slow.of('conversation')).toHaveLength(400);
      expect(slow.closedWith()).toBeUndefined();
    });

    it('where a console stops reading in the middle of what it missed', async () => {
      for (let each = 0; each < 400; each += 1) await bench.say(`c${each}`, '长'.repeat(3_000));
      const lazy = bench.open();
      lazy.stopReading();
      lazy.send({ type: 'hello', revision: 0 });
      await bench.settle();
      for (let turn = 0; turn < 13; turn += 1) {
        lazy.alive();
        await bench.sweep(1);
      }
      expect(lazy.closedWith()).toBe(4100);
    });

    it('with a call to the next server, and for whoever comes later', async () => {
      const console = await bench.join();
      console.send({ type: 'presence', active: true });
      bench.consoles.close();
      expect(console.closedWith()).toBe(4200);
      const late = bench.open();
      expect(late.closedWith()).toBe(4200);
      await bench.say('c1');
      await bench.advance(20_000);
      expect(late.received).toEqual([]);
      expect(bench.errors).toEqual([]);
    });
  });
});
