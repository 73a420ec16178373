import { describe, expect, it } from 'vitest';
import { createHttpAnswerer } from './http.ts';
import { events, gate, none, question, useQaService } from './qa-service.fixture.ts';

describe('ANSWERER=http shows', () => {
  const { current, reply, ask } = useQaService();

  it('an event stream as it comes, and its last message counts', async () => {
    const parts = ['data: {"delta":"Be', 'cause"}\n\ndata: {"del', 'ta":" so"}\r\n\r\n'];
    const last = 'data: {"message":"Because so.","citations":[{"title":"A","url":"/a"}]}\n\n';
    const gates = [...parts, last].map(() => gate());
    current().respond(async (response) => {
      response.writeHead(200, events);
      for (const [index, part] of [...parts, last].entries()) {
        response.write(part);
        await gates[index]?.opened;
      }
      response.end();
    });
    const shown: string[] = [];
    const waiting = new Map<string, () => void>();
    const seen = (text: string): Promise<void> =>
      new Promise((resolve) => {
        if (shown.join('') === text) resolve();
        else waiting.set(text, resolve);
      });
    const answerer = createHttpAnswerer({ url: current().origin });
    const answering = answerer.answer(question, {
      signal: none,
      progress: {
        delta(text) {
          shown.push(text);
          waiting.get(shown.join(''))?.();
        },
        restart: () => undefined,
      },
    });
    gates[0]?.open();
    // It is shown while the service holds back the rest.
    await seen('Because');
    gates[1]?.open();
    await seen('Because so');
    gates[2]?.open();
    gates[3]?.open();
    expect(await answering).toEqual({
      ...{ text: 'Because so.', outcome: 'found', citations: [{ title: 'A', url: '/a' }] },
    });
  });

  it.each<[string, string, string, readonly string[]]>([
    [
      'chunks as OpenAI-compatible servers send them',
      'data: {"choices":[{"delta":{"role":"assistant","content":null}}]}\n\ndata: {"choices":[{"delta":{"content":"Be"}}]}\n\ndata: {"choices":[{"delta":{"content":"cause."}}]}\n\ndata: {"choices":[]}\n\ndata: [DONE]\n\n',
      'Because.',
      ['Be', 'cause.'],
    ],
    [
      'plain text, with its spaces and lines',
      ': hi\n\ndata:\n\ndata: Be\n\ndata: cause\n\ndata:  {x}\ndata: y\n\ndata: 42\n\ndata: [DONE]\n\ndata: no',
      'Because {x}\ny42',
      ['Be', 'cause', ' {x}\ny', '42'],
    ],
    [
      'plain text with a whole answer at the end',
      'data: Beca\n\ndata: {"message":"Because!"}\n\n',
      'Because!',
      ['Beca'],
    ],
    [
      'events with names and without an end',
      '\uFEFFevent: delta\ndata: {"delta":"\\n Be"}\n\nid: 3\nretry: 5\nevent: delta\ndata: {"delta":"cause\\u0000 "}',
      'Because',
      ['Be', 'cause '],
    ],
    [
      'events of which nothing is known',
      'data: {"type":"start"}\n\ndata: {"type":"text-delta","delta":"Because"}\n\ndata: {"type":"finish"}\n\n',
      'Because',
      ['Because'],
    ],
    [
      'lines that end with CR',
      'data: {"delta":"Be"}\r\rdata: {"delta":"cause"}\r\r',
      'Because',
      ['Be', 'cause'],
    ],
  ])('%s', async (_what, body, text, pieces) => {
    reply(body, events);
    const { answer, shown } = await ask();
    expect(answer.text).toBe(text);
    expect(shown).toEqual(pieces);
  });

  it('no more than an answer may have, and lets go of a stream without end', async () => {
    const gone = gate();
    current().respond((response) => {
      response.writeHead(200, events);
      const more = (): void => {
        while (response.write(`data: {"delta":"${'x'.repeat(1_000)}"}\n\n`));
      };
      response.on('drain', more).on('close', gone.open);
      more();
    });
    const { answer, shown } = await ask();
    expect(answer.text).toBe(`${'x'.repeat(15_999)}…`);
    expect(shown.join('').length).toBeLessThan(20_000);
    await gone.opened;
  });
});
