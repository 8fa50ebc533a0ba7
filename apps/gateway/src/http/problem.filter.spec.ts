import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault, type Running } from '@flotilla/foundation';
import { startTelemetry } from '@flotilla/platform-telemetry/sdk';
import { openGateway } from '../testing/open-gateway.ts';
import { refusal, targetsPath } from '../testing/requests.ts';

let telemetry: Running;

beforeAll(() => void (telemetry = startTelemetry({ service: 'test', version: '0' })));
afterAll(() => telemetry.stop());

describe('a surprise', () => {
  it('is logged with its trace and told without its content', async () => {
    const broken = await openGateway({ answer: async () => Promise.reject(new Error('the secret is 42')) });
    const response = await broken.send('/hooks/x', { method: 'POST', body: '', headers: { 'x-request-id': 'mine-1' } });
    const body = (await response.json()) as Record<string, unknown>;
    await broken.stop();
    expect({ body, logged: broken.errors }).toEqual({
      body: {
        type: 'https://flotilla.dev/problems/Internal',
        title: 'Something went wrong on our side',
        status: 500,
        detail: 'the log of the gateway has the details, under this trace',
        instance: '/hooks/x',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        code: 'Internal',
        retryable: true,
      },
      logged: [
        {
          error: expect.stringContaining('the secret is 42'),
          url: '/hooks/x',
          requestId: 'mine-1',
          traceId: body.traceId,
        },
      ],
    });
  });

  it('of a database that is away is no surprise: come again', async () => {
    const fault = new Fault({ code: 'unavailable', reason: 'DatabaseAway', message: 'try again in a moment' });
    const fleet = { targets: async () => Promise.reject(fault) };
    const away = await openGateway({ parts: { fleet: fleet as never } });
    const response = await away.send(targetsPath, { as: 'reader' });
    const told = { ...(await refusal(response)), retryAfter: response.headers.get('retry-after') };
    await away.stop();
    expect(told).toMatchObject({ status: 503, code: 'DatabaseAway', detail: fault.message, retryAfter: '2' });
  });
});
