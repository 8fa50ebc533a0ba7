import { describe, expect, it } from 'vitest';
import { openApiDocument } from './open-api.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

interface Described {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly content: object }>>;
  readonly security?: readonly object[];
  readonly 'x-permission'?: string;
}

const { paths, ...document } = openApiDocument('1.2.3') as {
  paths: Record<string, Record<string, Described>>;
} & Record<string, unknown>;
const rows = Object.entries<Operation>(operations).map(([name, declared]) => ({ name, declared }));
const describedBy = ({ path, method }: Operation) => paths[path]![method.toLowerCase()]!;

describe('the table of operations', () => {
  it('has no route twice', () => {
    const routes = rows.map(({ declared }) => `${declared.method} ${declared.path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(routes.filter((route, index) => routes.indexOf(route) !== index)).toEqual([]);
  });

  it('carries the project in every route but the few that stand outside projects', () => {
    const outside = rows.filter(({ declared }) => !declared.path.startsWith('/api/v1/projects/{project}/'));
    expect(outside.map(({ declared }) => declared.path)).toEqual([
      '/api/v1/projects',
      '/api/v1/enrol',
      '/api/v1/renew',
      '/api/v1/ledger',
      '/api/v1/recovery',
      '/api/v1/recovery',
      '/api/v1/tokens',
      '/api/v1/tokens',
      '/api/v1/tokens/{token}',
      '/api/v1/version',
      '/livez',
      '/readyz',
      '/metrics',
      '/api/openapi.json',
      '/hooks/{uid}',
    ]);
  });

  it('lets a token of one project out of it where only what is of that project is shown or changed', () => {
    const open = rows.filter(({ declared }) => declared.keepsToProject).map(({ name }) => name);
    expect(open).toEqual(['listProjects', 'listTokens', 'createToken', 'revokeToken']);
  });

  it('changes nothing by a GET', () => {
    const writing = rows.filter(
      ({ declared: { method, permission, body } }) => method === 'GET' && (body || permission === 'write'),
    );
    expect(writing).toEqual([]);
  });
});

describe('the OpenAPI document', () => {
  it('says what it is', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Flotilla', version: '1.2.3' },
      security: [{ token: [] }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    });
  });

  it.each(rows)('describes $name', ({ name, declared }) => {
    const { operationId, parameters, requestBody, responses, security, ...rest } = describedBy(declared);
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    const isPublic = declared.permission === 'public';
    expect({
      operationId,
      inPath: inPath.map((parameter) => `{${parameter.name}}`).toSorted(),
      required: inPath.every(({ required }) => required),
      body: requestBody !== undefined,
      statuses: Object.keys(responses),
      problem: Object.keys(responses.default!.content),
      security,
      permission: rest['x-permission'],
    }).toEqual({
      operationId: name,
      inPath: (declared.path.match(/\{\w+\}/g) ?? []).toSorted(),
      required: true,
      body: declared.body !== undefined,
      statuses: [String(declared.status ?? 200), 'default'],
      problem: ['application/problem+json'],
      security: isPublic ? [] : undefined,
      permission: isPublic ? undefined : declared.permission,
    });
  });

  it('has an Idempotency-Key wherever a principal makes something', () => {
    const keyed = rows.filter(({ declared }) =>
      describedBy(declared).parameters.some((parameter) => parameter.name === 'Idempotency-Key'),
    );
    expect(keyed.map(({ name }) => name)).toEqual([
      'applyDocuments',
      'lookAtRepository',
      'joinCluster',
      'revokeCluster',
      'openAgentUpgrade',
      'steerAgentUpgrade',
      'diffTarget',
      'syncTargets',
      'suspendTargets',
      'resumeTargets',
      'breakGlass',
      'steerRollout',
      'promote',
      'approve',
      'overrideGates',
      'holdStage',
      'unholdStage',
      'previewRollback',
      'openRollback',
      'breakGlassRollback',
      'unpinTargets',
      'liftQuarantine',
      'diffRollback',
      'diffPromotion',
      'replayDeadLetter',
      'recover',
      'createToken',
    ]);
  });

  it('tells what is text and what is a stream', () => {
    const typeOf = (name: keyof typeof operations) =>
      Object.keys(describedBy(operations[name]).responses[200]!.content);
    expect([typeOf('metrics'), typeOf('stream'), typeOf('listTargets')]).toEqual([
      ['text/plain'],
      ['text/event-stream'],
      ['application/json'],
    ]);
  });

  it('is plain JSON, and every reference in it leads somewhere', () => {
    const text = JSON.stringify({ paths, ...document });
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!.split('/'));
    const whole = JSON.parse(text) as Record<string, unknown>;
    const found = references.map((path) =>
      path.reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], whole),
    );
    expect({ any: references.length > 0, lost: found.filter((value) => value === undefined) }).toEqual({
      any: true,
      lost: [],
    });
  });
});
