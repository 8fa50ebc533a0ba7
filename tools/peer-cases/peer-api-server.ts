import { groupOf, type KubeObject } from '@flotilla/model';
import { callServer, findEnvtestAssets, startKubeApiServer, type KubeApiServer } from '@flotilla/testing';

/** A real API server for cases that need one: started by the first, stopped with the program, one case at a time. */
export class PeerApiServer {
  static #found: Promise<PeerApiServer | undefined> | undefined;
  readonly #server: KubeApiServer;
  #last: Promise<unknown> = Promise.resolve();
  readonly #made: KubeObject[] = [];

  private constructor(server: KubeApiServer) {
    this.#server = server;
  }

  /** `undefined` where none is installed. */
  static find(): Promise<PeerApiServer | undefined> {
    return (PeerApiServer.#found ??= PeerApiServer.#start());
  }

  /** After the last case; without one that needed it there is nothing to stop. */
  static async stop(): Promise<void> {
    const found = await PeerApiServer.#found;
    if (found) await found.#server.stop();
  }

  static async #start(): Promise<PeerApiServer | undefined> {
    const assets = findEnvtestAssets();
    return assets && new PeerApiServer(await startKubeApiServer({ assets }));
  }

  /** Runs a case on a cluster where nothing is but what it puts there. */
  async alone<Result>(run: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(async () => {
      try {
        return await run();
      } finally {
        for (const object of this.#made.splice(0)) await this.#call('DELETE', await this.#pathOf(object));
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async create(object: KubeObject, manager: string): Promise<void> {
    const { namespace } = object.metadata;
    if (namespace) {
      const made = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      await this.#call('POST', '/api/v1/namespaces', made);
    }
    this.#made.push(object);
    await this.#apply(object, `fieldManager=${manager}`);
  }

  async get(object: KubeObject): Promise<KubeObject | undefined> {
    const { status, body } = await this.#call('GET', await this.#pathOf(object));
    return status === 404 ? undefined : (JSON.parse(body) as KubeObject);
  }

  /** What the server would make of an object. */
  dryRun(object: KubeObject, manager: string): Promise<KubeObject> {
    return this.#apply(object, `fieldManager=${manager}&force=true&dryRun=All`);
  }

  async #apply(object: KubeObject, query: string): Promise<KubeObject> {
    const path = await this.#pathOf(object);
    return answered(await this.#call('PATCH', `${path}?${query}`, JSON.stringify(object))) as KubeObject;
  }

  /** As the server itself says that it serves the kind. */
  async #pathOf({ apiVersion, kind, metadata: { name, namespace = 'default' } }: KubeObject): Promise<string> {
    const base = groupOf(apiVersion) ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { resources } = answered(await this.#call('GET', base)) as {
      readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
    };
    const resource = resources.find((each) => each.kind === kind && !each.name.includes('/'));
    if (!resource) throw new Error(`the API server knows no ${kind} in ${apiVersion}`);
    return `${base}${resource.namespaced ? `/namespaces/${namespace}` : ''}/${resource.name}/${name}`;
  }

  #call(method: string, path: string, body?: string) {
    const contentType = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
    return callServer(this.#server, { token: this.#server.token, method, path, contentType, ...(body && { body }) });
  }
}

/** What the server said; what it refused is said in its own words. */
function answered({ status, body }: { readonly status: number; readonly body: string }): unknown {
  if (status >= 300 || status === 0) throw new Error(`the API server answered ${status}: ${body}`);
  return JSON.parse(body);
}
