/** The owner's interface from outside, every answer held against the description. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

interface Description {
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, DescribedResponse> }>
  >;
  readonly components: { readonly responses: Record<string, DescribedResponse> };
}

interface DescribedResponse {
  readonly $ref?: string;
  readonly content?: Record<string, { readonly schema: object }>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

export interface OwnerClient {
  /** Path and query below `/api`. `body` goes as JSON. */
  api(method: string, path: string, body?: unknown): Promise<Answered>;
  /** Operations that were called, as `get /session`. */
  readonly called: ReadonlySet<string>;
  /** All that are described. */
  readonly described: ReadonlySet<string>;
}

/**
 * @param headers - who is asking
 * @throws where an answer has a status, a body or a content type that its description has not
 */
export async function describedClient(
  url: string,
  headers: () => Readonly<Record<string, string>>,
): Promise<OwnerClient> {
  const response = await fetch(`${url}/api/openapi.json`);
  expect(response.status).toBe(200);
  const description = (await response.json()) as Description;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(description, 'description');
  const templates = Object.keys(description.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  const called = new Set<string>();

  function check(method: string, pathname: string, status: number, json: unknown): void {
    const path = templates.find(({ pattern }) => pattern.test(pathname))?.path ?? '';
    const operation = description.paths[path]?.[method.toLowerCase()];
    if (!operation) return expect([404, 405]).toContain(status);
    called.add(`${method.toLowerCase()} ${path}`);
    const named = operation.responses[status];
    const where = `${method} ${path} ${status}`;
    expect(named, `${where} is not described`).toBeDefined();
    const name = named?.$ref?.split('/').at(-1);
    const described = name === undefined ? named : description.components.responses[name];
    const schema = described?.content?.['application/json']?.schema;
    if (!schema) return expect(json, where).toBeUndefined();
    const valid = ajv.compile(withWholeReferences(schema));
    valid(json);
    expect(valid.errors ?? [], `${where}: ${JSON.stringify(json)}`).toEqual([]);
  }

  return {
    called,
    described: new Set(
      Object.entries(description.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method} ${path}`),
      ),
    ),
    async api(method, path, body) {
      const answer = await fetch(`${url}/api${path}`, {
        method,
        headers: {
          ...headers(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json: unknown = text === '' ? undefined : JSON.parse(text);
      if (json !== undefined) {
        expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      }
      check(method, path.split('?')[0] ?? '', answer.status, json);
      return { status: answer.status, headers: answer.headers, json };
    },
  };
}

const withWholeReferences = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"description#/')) as object;
