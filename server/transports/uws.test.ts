import { expect, it } from 'vitest';
import { chooseTransport } from './choose-transport.ts';
import { describeTransport } from './transport.contract.ts';
import { loadUws } from './uws.ts';

const loaded = await loadUws();

if (loaded.ok) {
  describeTransport('uWebSockets.js', async () => loaded.value);
} else {
  it(`cannot be loaded on this machine (${loaded.error}), and ws stands in for it`, async () => {
    const lines: string[] = [];
    const transport = await chooseTransport({ log: (line) => lines.push(line) });
    expect(transport.name).toBe('ws');
    expect(lines.join()).toContain(loaded.error);
  });
}
