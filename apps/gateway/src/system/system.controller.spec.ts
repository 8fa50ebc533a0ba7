import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';
import { refusal } from '../testing/requests.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway();
});

afterAll(() => gateway.stop());

describe('health', () => {
  it.each([
    ['/livez', 200, 'ok\n'],
    ['/readyz', 200, 'ok\n'],
    ['/readyz?verbose', 200, '[+]broker ok\n[+]database ok\nreadyz check passed\n'],
  ])('%s -> %i', async (path, status, text) => {
    const response = await gateway.send(path);
    expect({ status: response.status, text: await response.text() }).toEqual({ status, text });
  });

  it('names what is missing, and not why: that may hold an address or a name', async () => {
    const problem = 'password of postgres@10.0.0.7 refused';
    const checks = async () => [{ name: 'broker' }, { name: 'database', problem }];
    const lame = await openGateway({ parts: { health: { checks, metricsText: async () => '' } } });
    const told = await refusal(await lame.send('/readyz?verbose'));
    await lame.stop();
    expect(told).toMatchObject({ status: 503, code: 'NotReady', detail: 'not ready: database', retryable: true });
  });

  it('gives its metrics to whoever may read', async () => {
    expect((await gateway.send('/metrics')).status).toBe(401);
    expect(await (await gateway.send('/metrics', { as: 'reader' })).text()).toBe('up 1\n');
  });
});
