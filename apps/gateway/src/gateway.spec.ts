import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type TestGateway } from './testing/open-gateway.ts';
import { everyOperation, pathOf } from './testing/requests.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway();
});

afterAll(() => gateway.stop());

describe('the contract', () => {
  it('is served whole: each of its operations has a handler', async () => {
    const missing: string[] = [];
    for (const [name, operation] of everyOperation) {
      const response = await gateway.send(pathOf(operation), { method: operation.method });
      if ((await response.text()).includes('RouteUnknown')) missing.push(name);
    }
    expect(missing).toEqual([]);
  });

  it('is told as an OpenAPI document, without a token', async () => {
    const { openapi, paths } = (await (await gateway.send('/api/openapi.json')).json()) as {
      openapi: string;
      paths: object;
    };
    expect({ openapi, paths: Object.keys(paths).toSorted() }).toEqual({
      openapi: '3.1.0',
      paths: [...new Set(everyOperation.map(([, { path }]) => path))].toSorted(),
    });
  });
});
