import { connectUrl, type HttpTransport } from '@flotilla/platform-kube';
import { createIds, systemClock, systemRandom } from '@flotilla/foundation';
import { KubeSim, serveKubeSim, startControllers } from '@flotilla/kubesim';
import { findEnvtestAssets, startKubeApiServer, type EnvtestAssets } from '@flotilla/testing';

/** One API server that a suite runs against. */
export interface OpenApiServer {
  readonly transport: HttpTransport;
  readonly url: string;
  readonly token: string;
  /** Where the connection is encrypted: who vouches for the server. */
  readonly ca?: string;
  /** Whether workloads become ready by themselves. */
  readonly hasControllers: boolean;
  /** Somebody else's token, where the server knows several people. */
  tokenFor?(user: string): string;
  /** The server as another of its people sees it. */
  transportFor(token: string): HttpTransport;
  /** Forgets the history, where a test can make a server do so. */
  compact?(): void;
  /** A backup of all that it holds, and what brings it back under everybody's feet, where a test can do that. */
  backup?(): () => void;
  stop(): Promise<void>;
}

export interface OpenOptions {
  /** Whether a simulated server gets the controllers that a real one, alone as it is here, never has. */
  readonly controllers?: boolean;
}

export interface ApiServerKind {
  readonly name: string;
  /** A real one has people, roles and encryption, which the simulated one leaves out. */
  readonly isReal: boolean;
  open(options?: OpenOptions): Promise<OpenApiServer>;
}

/** The real API server, when this machine has one; otherwise one line says how to get it, and what is left out. */
export function apiServers(): ApiServerKind[] {
  const simulated = { name: 'kubesim', isReal: false, open: openSimulated };
  const assets = findEnvtestAssets();
  if (assets) return [simulated, { name: 'kube-apiserver', isReal: true, open: () => openReal(assets) }];
  process.stdout.write(
    'no kube-apiserver here, so these cases run on kubesim only; get one with: npm run envtest:install\n',
  );
  return [simulated];
}

async function openSimulated({ controllers: wanted = true }: OpenOptions = {}): Promise<OpenApiServer> {
  const sim = new KubeSim({ clock: systemClock, ids: createIds() });
  const token = 'test';
  const server = await serveKubeSim(sim, { tokens: [token] });
  const controllers = wanted ? startControllers(sim, { clock: systemClock, random: systemRandom }) : undefined;
  const transport = connectUrl({ url: server.url, token });
  return {
    transport,
    url: server.url,
    token,
    hasControllers: wanted,
    transportFor: () => transport,
    compact: () => sim.compact(),
    backup: () => {
      const snapshot = sim.snapshot();
      return () => sim.restore(snapshot);
    },
    stop: async () => {
      await transport.close();
      await controllers?.stop();
      await server.close();
    },
  };
}

async function openReal(assets: EnvtestAssets): Promise<OpenApiServer> {
  const server = await startKubeApiServer({ assets });
  const { url, meteredToken: token, certificateAuthority: ca } = server;
  const transports: HttpTransport[] = [];
  const transportFor = (bearer: string) => {
    const opened = connectUrl({ url, token: bearer, ca });
    transports.push(opened);
    return opened;
  };
  return {
    transport: transportFor(token),
    transportFor,
    url,
    token,
    ca,
    hasControllers: false,
    tokenFor: (user) => server.tokenFor(user),
    stop: async () => {
      await Promise.all(transports.map((transport) => transport.close()));
      await server.stop();
    },
  };
}
