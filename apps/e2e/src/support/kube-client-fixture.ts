import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { systemClock, systemRandom, type Fault } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { connectUrl, createKubeClient, type HttpTransport, type KubeClient } from '@flotilla/platform-kube';
import type { ApiServerKind, OpenApiServer } from './api-servers.ts';

/** Who the client is to the API server. */
export const manager = 'flotilla';

/** An API server without controllers, as specs see it through the client. */
export class KubeClientFixture {
  readonly server: OpenApiServer;
  readonly transport: HttpTransport;
  readonly client: KubeClient;
  #namespaces = 0;

  constructor(server: OpenApiServer) {
    this.server = server;
    ({ transport: this.transport, client: this.client } = this.clientOf(server.url));
  }

  static async open(open: ApiServerKind['open']): Promise<KubeClientFixture> {
    return new KubeClientFixture(await open({ controllers: false }));
  }

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

  async stop(): Promise<void> {
    await this.transport.close();
    await this.server.stop();
  }
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
