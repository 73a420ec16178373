import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';

const whole = {
  ANSWERER: 'openai',
  OPENAI_BASE_URL: 'https://api.example.com/v1/',
  OPENAI_MODEL: 'some-model:8b',
};

const read = (environment: Record<string, string | undefined>) => {
  const config = parseConfig(environment);
  if (!config.ok) throw new Error(config.error.message);
  return config.value;
};

describe('the configuration of a language model', () => {
  it('needs an address and a model, and has limits', () => {
    expect(read(whole)).toMatchObject({
      answerer: 'openai',
      openai: {
        ...{ baseUrl: 'https://api.example.com/v1', model: 'some-model:8b' },
        ...{ tokensPerDay: 500_000, tokensPerVisitor: 30_000 },
      },
    });
    expect(read(whole).openai).not.toHaveProperty('apiKey');
    expect(read(whole)).not.toHaveProperty('embeddings');
  });

  it('reads the rest', () => {
    const more = {
      ...{ OPENAI_API_KEY: 'sk-1', OPENAI_EMBEDDING_MODEL: 'org/embed' },
      ...{ OPENAI_TOKENS_PER_DAY: 'none', OPENAI_TOKENS_PER_VISITOR: '1000' },
    };
    expect(read({ ...whole, ...more })).toMatchObject({
      openai: { apiKey: 'sk-1', tokensPerDay: Infinity, tokensPerVisitor: 1_000 },
      embeddings: { baseUrl: 'https://api.example.com/v1', apiKey: 'sk-1', model: 'org/embed' },
    });
  });

  it('has vectors with retrieval too', () => {
    const { OPENAI_BASE_URL } = whole;
    const config = read({ OPENAI_BASE_URL, OPENAI_EMBEDDING_MODEL: 'embed' });
    expect(config).toMatchObject({
      answerer: 'retrieval',
      embeddings: { model: 'embed', tokensPerDay: 500_000, tokensPerVisitor: 30_000 },
    });
    expect(config).not.toHaveProperty('openai');
  });

  it.each([
    ['OPENAI_BASE_URL', { ...whole, OPENAI_BASE_URL: '' }],
    ['OPENAI_BASE_URL', { OPENAI_EMBEDDING_MODEL: 'embed' }],
    ['OPENAI_BASE_URL', { ...whole, OPENAI_BASE_URL: 'api.openai.com' }],
    ['OPENAI_MODEL', { ...whole, OPENAI_MODEL: undefined }],
    ['OPENAI_MODEL', { ...whole, OPENAI_MODEL: 'two words' }],
    ['OPENAI_API_KEY', { ...whole, OPENAI_API_KEY: 'sk-hush hush' }],
    ['OPENAI_API_KEY', { ...whole, OPENAI_API_KEY: 'sk-hush密' }],
    ['OPENAI_EMBEDDING_MODEL', { ...whole, OPENAI_EMBEDDING_MODEL: 'a b' }],
    ['OPENAI_TOKENS_PER_DAY', { ...whole, OPENAI_TOKENS_PER_DAY: '0' }],
    ['OPENAI_TOKENS_PER_DAY', { ...whole, OPENAI_TOKENS_PER_DAY: '5e5' }],
    ['OPENAI_TOKENS_PER_VISITOR', { ...whole, OPENAI_TOKENS_PER_VISITOR: '999' }],
  ])('%s is refused in one line that names it: %j', (variable, environment) => {
    const config = parseConfig(environment);
    expect(config).toMatchObject({ ok: false, error: { variable } });
    const message = config.ok ? '' : config.error.message;
    expect(message).toMatch(/^OPENAI_[A-Z_]+: /);
    expect(message).not.toMatch(/\n|hush/);
  });

  it.each(['https://user:s3cret@models.example/v1', 'https://:s3cret@models.example/v1'])(
    'an address with a password is refused, and not repeated: %s',
    (address) => {
      const config = parseConfig({ OPENAI_BASE_URL: address });
      const message = config.ok ? '' : config.error.message;
      expect(message).toContain('OPENAI_BASE_URL');
      expect(message).not.toContain('s3cret');
    },
  );
});
