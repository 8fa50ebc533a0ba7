import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callServer } from './call-server.ts';
import { findEnvtestAssets } from './envtest-assets.ts';
import { startKubeApiServer } from './start-kube-api-server.ts';

const assets = findEnvtestAssets();

describe.skipIf(!assets)('a real API server', { timeout: 120_000 }, () => {
  it('is ready, knows its identities, and leaves nothing behind', async () => {
    const server = await startKubeApiServer({ assets: assets! });
    try {
      const get = async (token: string, path: string) => (await callServer(server, { token, path })).status;
      const version = await callServer(server, { token: server.token, path: '/version' });
      expect(JSON.parse(version.body)).toMatchObject({ major: '1', minor: '34' });
      const stranger = server.tokenFor('jane', ['readers']);
      expect({
        administrator: await get(server.token, '/api/v1/secrets'),
        metered: await get(server.meteredToken, '/api/v1/secrets'),
        stranger: await get(stranger, '/api/v1/secrets'),
        nobody: await get('wrong', '/api/v1/secrets'),
      }).toEqual({ administrator: 200, metered: 200, stranger: 403, nobody: 401 });
      const { users } = JSON.parse(server.kubeconfig()) as { users: { user: { token: string } }[] };
      expect(users[0]?.user.token).toBe(server.token);
    } finally {
      await server.stop();
    }
    expect(server.pids.map((pid) => existsSync(`/proc/${pid}`))).toEqual([false, false]);
  });
});
