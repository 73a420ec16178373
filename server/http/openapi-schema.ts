/** Structs as JSON Schema 2020-12, as OpenAPI 3.1 wants it. */
import type { Context } from 'superstruct';

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

/** What a struct cannot say for itself. */
export interface FieldNote {
  readonly description: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly examples?: readonly unknown[];
}

export interface SchemaNames {
  /** Structs that have a name of their own, and are referred to by it. */
  readonly components: Readonly<Record<string, AnyStruct>>;
  /** By the name of the field, or `Component.field` where that says more. */
  readonly fields: Readonly<Record<string, FieldNote>>;
  /** What other structs of text demand. */
  readonly texts: readonly (readonly [AnyStruct, Omit<FieldNote, 'description'>])[];
}

/** A struct of whatever: as much of it as is asked. */
export interface AnyStruct {
  readonly type: string;
  readonly schema: unknown;
  readonly entries: unknown;
  is(value: unknown): boolean;
  refiner(value: unknown, context: Context): Iterable<unknown>;
}

/** Longest text that a struct is asked about; what takes it has no limit of its own. */
const longest = 100_000;
/** The same of lists. */
const most = 10_000;

/**
 * Limits are found by asking the struct: refinements are functions, and whatever is read off
 * anything else could differ from what the server accepts.
 */
export function createSchemas({ components, fields, texts }: SchemaNames): {
  /** A reference where the struct has a name, else its schema. */
  of(struct: AnyStruct): Schema;
  /** Every named struct, for `components.schemas`. */
  readonly all: Readonly<Record<string, Schema>>;
} {
  // `optional` and refinements copy a struct, and with it this function: it tells what it is of.
  const names = new Map<unknown, string>();
  for (const [name, struct] of Object.entries(components)) names.set(struct.entries, name);
  const notes = new Map(texts.map(([struct, note]) => [struct.entries, note]));

  function of(struct: AnyStruct): Schema {
    const name = names.get(struct.entries);
    return name === undefined ? schemaOf(struct, '') : { $ref: `#/components/schemas/${name}` };
  }

  function schemaOf(struct: AnyStruct, name: string): Schema {
    switch (struct.type) {
      case 'type':
        return objectSchema(struct.schema as Record<string, AnyStruct>, name);
      case 'array': {
        const maxItems = limitOf(struct, (length) => Array.from({ length }), most);
        const items = of(struct.schema as AnyStruct);
        return { type: 'array', items, ...(maxItems === undefined ? {} : { maxItems }) };
      }
      case 'enums':
        return { type: 'string', enum: Object.values(struct.schema as object) };
      case 'literal':
        return { const: struct.schema };
      case 'boolean':
        return { type: 'boolean' };
      case 'integer':
        return {
          type: 'integer',
          ...(accepts(struct, -1) ? {} : { minimum: accepts(struct, 0) ? 0 : 1 }),
        };
      case 'string':
      case 'well-formed text':
        return textSchema(struct);
    }
    throw new Error(`no schema is known for a struct of the type ${struct.type}`);
  }

  function objectSchema(schema: Record<string, AnyStruct>, name: string): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const [field, struct] of Object.entries(schema)) {
      const note = fields[`${name}.${field}`] ?? fields[field];
      if (!note) throw new Error(`the field ${name}.${field} has no description`);
      properties[field] = { ...of(struct), ...note };
      if (!accepts(struct, undefined)) required.push(field);
    }
    return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
  }

  function textSchema(struct: AnyStruct): Schema {
    const maxLength = limitOf(struct, (length) => 'a'.repeat(length), longest);
    return {
      type: 'string',
      ...(accepts(struct, '') ? {} : { minLength: 1 }),
      ...(maxLength === undefined ? {} : { maxLength }),
      ...notes.get(struct.entries),
    };
  }

  return {
    of,
    all: Object.fromEntries(
      Object.entries(components).map(([name, struct]) => [name, schemaOf(struct, name)]),
    ),
  };
}

const accepts = (struct: AnyStruct, value: unknown): boolean => struct.is(value);

/** The largest length that the refinements of a struct take; `undefined` for no limit. */
function limitOf(
  struct: AnyStruct,
  sample: (length: number) => unknown,
  unlimited: number,
): number | undefined {
  const takes = (length: number): boolean => {
    const value = sample(length);
    const context = { path: [], branch: [value], mask: false };
    return [...struct.refiner(value, context)].length === 0;
  };
  if (takes(unlimited)) return undefined;
  let [low, high] = [1, unlimited];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (takes(middle)) low = middle;
    else high = middle;
  }
  return low;
}
