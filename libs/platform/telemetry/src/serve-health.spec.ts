import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Running } from '@flotilla/foundation';
import { serveHealth, type HealthOptions } from './serve-health.ts';

let health: (Running & { readonly port: number }) | undefined;
afterEach(() => health?.stop());

async function ask(path: string, options: Partial<HealthOptions> = {}, method = 'GET') {
  const ready = { notReady: async () => [], metricsText: async () => 'up 1\n' };
  health = await serveHealth({ host: '127.0.0.1', port: 0, ...ready, ...options });
  const response = await fetch(`http://127.0.0.1:${health.port}${path}`, { method });
  return { status: response.status, text: await response.text() };
}

describe('the port for probes', () => {
  it.each([
    ['/livez', 200, 'ok\n'],
    ['/readyz', 200, 'ok\n'],
    ['/readyz?verbose', 200, 'ok\n'],
    ['/metrics', 200, 'up 1\n'],
    ['/', 404, 'not found\n'],
    ['/livez/', 404, 'not found\n'],
    ['/%ff', 404, 'not found\n'],
  ])('%s -> %i', async (path, status, text) => {
    expect(await ask(path)).toEqual({ status, text });
  });

  it('names all that stands in the way; being alive is another question', async () => {
    const notReady = async () => ['the broker is away', 'the database does not answer'];
    expect(await ask('/readyz', { notReady })).toEqual({
      status: 503,
      text: 'the broker is away\nthe database does not answer\n',
    });
    await health?.stop();
    expect((await ask('/livez', { notReady })).status).toBe(200);
  });

  it('is not ready when nobody can say whether it is', async () => {
    const notReady = async () => Promise.reject(new Error('no idea'));
    expect(await ask('/readyz', { notReady })).toEqual({ status: 503, text: 'no idea\n' });
  });

  it('AT-30: stops although somebody is connected who says nothing', async () => {
    await ask('/livez');
    const silent = connect(health!.port, '127.0.0.1');
    await once(silent, 'connect');
    silent.write('GET /livez HTTP/1.1\r\nHost:');
    const cut = new Promise((resolve) => silent.once('error', resolve).once('close', resolve));
    await health!.stop();
    await cut;
    expect(silent.readyState).not.toBe('open');
  });

  it('says so when its port is taken', async () => {
    await ask('/livez');
    const taken = serveHealth({
      host: '127.0.0.1',
      port: health!.port,
      notReady: async () => [],
      metricsText: async () => '',
    });
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
