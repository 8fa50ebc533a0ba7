import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { systemClock, systemRandom, type Fault } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { connectUrl, createKubeClient, type HttpTransport, type KubeClient } from '@flotilla/platform-kube';
import { afterAll, beforeAll } from 'vitest';
import type { ApiServerKind, OpenApiServer } from './api-servers.ts';

/** Who the client is to the API server. */
export const manager = 'flotilla';

/** An API server of one file of specs, seen through the client. */
export class KubeClientFixture {
  server!: OpenApiServer;
  transport!: HttpTransport;
  client!: KubeClient;
  #namespaces = 0;

  clientOf(url: string, token = this.server.token) {
    const { ca } = this.server;
    const transport = connectUrl({ url, token, ...(ca && { ca }) });
    return { transport, client: createKubeClient({ transport, clock: systemClock, random: systemRandom }) };
  }

  async newNamespace(): Promise<string> {
    const name = `shop-${++this.#namespaces}`;
    await this.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager });
    return name;
  }

  apply(object: KubeObject, options: { manager?: string; force?: boolean; dryRun?: boolean } = {}) {
    return this.client.apply(object, { manager, force: false, ...options });
  }
}

/** Opens an API server without controllers for the specs of a block, and closes it after them. */
export function useKubeClient(open: ApiServerKind['open']): KubeClientFixture {
  const api = new KubeClientFixture();
  beforeAll(async () => {
    api.server = await open({ controllers: false });
    Object.assign(api, api.clientOf(api.server.url));
  });
  afterAll(async () => {
    await api.transport?.close();
    await api.server?.stop();
  });
  return api;
}

/** The reason of the fault that `work` ends with. */
export async function reasonOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no fault',
    ({ reason }: Fault) => reason,
  );
}

/** An object that costs nothing to make. */
export function configMap(namespace: string, data: Record<string, string>, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace, ...metadata }, data };
}

/** The key of such an object. */
export function keyIn(namespace: string, name = 'settings'): ObjectKey {
  return { group: '', kind: 'ConfigMap', namespace, name };
}

/** A line to a server that the test can cut. */
export async function startProxy(target: string) {
  const { protocol, hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let [opened, refusing] = [0, false];
  const proxy = createServer((incoming) => {
    if (refusing) return void incoming.destroy();
    opened++;
    const outgoing = connect(Number(port), hostname);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => to.destroy())
        .on('close', () => to.destroy())
        .pipe(to);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: `${protocol}//127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    opened: () => opened,
    refuse: (refuse: boolean) => {
      refusing = refuse;
    },
    cut,
    close: () => {
      cut();
      return new Promise<void>((resolve) => proxy.close(() => resolve()));
    },
  };
}
