import { z } from 'zod';
import { problemSchema } from '../problem.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

type JsonSchema = Record<string, unknown>;

/** The API as an OpenAPI 3.1 document, made from the same table that serves it. */
export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, declared] of Object.entries<Operation>(operations)) {
    paths[declared.path] = { ...paths[declared.path], [declared.method.toLowerCase()]: describe(name, declared) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Flotilla', version, description: 'GitOps for a fleet of Kubernetes clusters.' },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
    },
  };
}

function describe(name: string, declared: Operation): Record<string, unknown> {
  const type = declared.stream ? 'text/event-stream' : declared.text ? 'text/plain' : 'application/json';
  const success = { description: 'Done', content: { [type]: { schema: jsonSchema(declared.response, 'output') } } };
  const problem = {
    description: 'A problem',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return {
    operationId: name,
    summary: declared.summary,
    parameters: [
      ...parameters(declared.params, 'path'),
      ...parameters(declared.query, 'query'),
      ...idempotency(declared),
    ],
    ...(declared.body && {
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(declared.body, 'input') } } },
    }),
    responses: { [declared.status ?? 200]: success, default: problem },
    ...(declared.permission === 'public' ? { security: [] } : { 'x-permission': declared.permission }),
  };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Record<string, unknown>[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function idempotency(declared: Operation): Record<string, unknown>[] {
  if (declared.method !== 'POST' || declared.permission === 'public') return [];
  const description = 'The same key within a day gives the first answer again instead of a second effect.';
  return [
    { name: 'Idempotency-Key', in: 'header', required: false, description, schema: { type: 'string', maxLength: 255 } },
  ];
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
  return rest;
}
