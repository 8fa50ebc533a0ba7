import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { documentSchemas } from './document.ts';

it('docs/documents.md names every field that a document may have', async () => {
  const page = await readFile(new URL('../../../../../docs/documents.md', import.meta.url), 'utf8');
  const said = new Set(page.match(/\w+/g));
  const fields = Object.values(documentSchemas).flatMap(({ shape }) =>
    fieldsOf(z.toJSONSchema(shape.spec, { io: 'input', unrepresentable: 'any' })),
  );
  expect(fields.length).toBeGreaterThan(20);
  expect(fields.filter((field) => !said.has(field))).toEqual([]);
});

/** The names of all fields in a JSON schema, however deep. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, unknown>> };
  return [...Object.keys(properties), ...Object.values(schema).flatMap(fieldsOf)];
}
