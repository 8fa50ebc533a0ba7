import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '@flotilla/platform-telemetry';
import type { TestGateway } from '../testing/open-gateway.ts';
import { json, targetsPath } from '../testing/requests.ts';
import { openTracedGateway, traceId, traceparent } from '../testing/traced-gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openTracedGateway();
});

afterAll(() => gateway.stop());

describe('every answer names its trace and its request', () => {
  it.each([
    ['an answer', '/api/v1/version', {}],
    ['a refusal of the guard', targetsPath, {}],
    ['a route that nobody serves', '/nothing', {}],
    ['a body that is not JSON', '/api/v1/enrol', json('{')],
    ['a webhook', '/hooks/x', { method: 'POST', body: 'x' }],
  ])("in the caller's trace: %s", async (_, path, request) => {
    const headers = { ...(request as { headers?: object }).headers, traceparent };
    const { headers: told } = await gateway.send(path, { ...request, headers });
    expect({ trace: told.get('traceparent')?.split('-')[1], request: told.get('x-request-id') }).toEqual({
      trace: traceId,
      request: traceId,
    });
  });

  it.each([
    ['deploy-42', 'deploy-42'],
    ['x'.repeat(65), expect.stringMatching(/^[0-9a-f]{32}$/)],
    ['a b', expect.stringMatching(/^[0-9a-f]{32}$/)],
  ])('and the id that its caller gave it, if that is one: %s', async (given, told) => {
    const { headers } = await gateway.send('/livez', { headers: { 'x-request-id': given, traceparent: 'nonsense' } });
    expect(headers.get('x-request-id')).toEqual(told);
  });

  it('is measured by its route, never by the path that somebody made up', async () => {
    await (await gateway.send(`${targetsPath}/made-up`, { as: 'reader' })).text();
    await (await gateway.send('/made-up')).text();
    const measured = [
      ...(await registry.text()).matchAll(/http_request_seconds_count{operation="([^"]*)",status="4xx"}/g),
    ];
    const operationsMeasured = new Set(measured.map(([, operation]) => operation));
    expect([...operationsMeasured].filter((operation) => operation?.includes('made-up'))).toEqual([]);
    expect(operationsMeasured).toContain('unknown');
  });
});
