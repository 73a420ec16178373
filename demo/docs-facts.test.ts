import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { variables } from '../server/config-variables.ts';
import { closeCodes } from '../shared/close-codes.ts';
import { maxFrameBytes, maxMessageChars } from '../shared/limits.ts';
import { clientMessageStructs, errorCodes } from '../shared/protocol.ts';

const post = (language: string, slug: string): Promise<string> =>
  readFile(new URL(`../docs/${language}/${slug}.md`, import.meta.url), 'utf8');

describe.each(['en', 'zh'])('the documentation in %s', (language) => {
  it('names every variable of the configuration', async () => {
    const text = await post(language, 'configuration');
    const missing = variables.filter(({ name }) => !text.includes(`\`${name}\``));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('names every message a client can send, every error, close code and limit', async () => {
    const text = await post(language, 'protocol');
    for (const name of [...clientMessageStructs.keys(), ...errorCodes]) {
      expect(text).toContain(`\`${name}\``);
    }
    for (const code of Object.values(closeCodes)) expect(text).toContain(String(code));
    expect(text).toContain(maxMessageChars.toLocaleString('en'));
    expect(text).toContain(maxFrameBytes.toLocaleString('en'));
  });

  it('shows the nginx block that is in the folder of deployment files', async () => {
    const shown = /```nginx\n([^]*?)```/.exec(await post(language, 'deploy-to-production'))?.[1];
    const file = await readFile(new URL('../deploy/nginx.conf', import.meta.url), 'utf8');
    expect(file.replaceAll(/^ {4}/gm, '')).toContain(shown);
  });
});
