import { connectUrl, type HttpTransport } from '@flotilla/platform-kube';
import { createIds, systemClock, systemRandom } from '@flotilla/foundation';
import { KubeSim, serveKubeSim, startControllers } from '@flotilla/kubesim';
import { findEnvtestAssets, startKubeApiServer } from '@flotilla/testing';

/** One API server that a suite runs against. */
export interface OpenApiServer {
  readonly transport: HttpTransport;
  readonly url: string;
  readonly token: string;
  /** Whether workloads become ready by themselves. */
  readonly hasControllers: boolean;
  stop(): Promise<void>;
}

export interface OpenOptions {
  /** Whether a simulated server gets the controllers that a real one, alone as it is here, never has. */
  readonly controllers?: boolean;
}

export interface ApiServerKind {
  readonly name: string;
  open(options?: OpenOptions): Promise<OpenApiServer>;
}

const simulated: ApiServerKind = {
  name: 'kubesim',
  open: async ({ controllers: wanted = true } = {}) => {
    const sim = new KubeSim({ clock: systemClock, ids: createIds() });
    const token = 'test';
    const server = await serveKubeSim(sim, { tokens: { [token]: { name: 'test', groups: ['system:masters'] } } });
    const controllers = wanted ? startControllers(sim, { clock: systemClock, random: systemRandom }) : undefined;
    const transport = connectUrl({ url: server.url, token });
    const stop = async () => {
      await transport.close();
      await controllers?.stop();
      await server.close();
    };
    return { transport, url: server.url, token, hasControllers: wanted, stop };
  },
};

/** The real API server, when this machine has one; otherwise one line says how to get it, and what is left out. */
export function apiServers(): ApiServerKind[] {
  const assets = findEnvtestAssets();
  if (!assets) {
    process.stdout.write(
      'no kube-apiserver here, so these cases run on kubesim only; get one with: npm run envtest:install\n',
    );
    return [simulated];
  }
  const real: ApiServerKind = {
    name: 'kube-apiserver',
    open: async () => {
      const server = await startKubeApiServer({ assets });
      const transport = connectUrl({ url: server.url, token: server.meteredToken, ca: server.certificateAuthority });
      const stop = async () => {
        await transport.close();
        await server.stop();
      };
      return { transport, url: server.url, token: server.meteredToken, hasControllers: false, stop };
    },
  };
  return [simulated, real];
}
