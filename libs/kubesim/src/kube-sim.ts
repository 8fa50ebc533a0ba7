import type { Clock, Ids } from '@flotilla/foundation';
import { CustomResources } from './custom/custom-resources.ts';
import { Cluster } from './engine/cluster.ts';
import { ClusterView } from './engine/cluster-view.ts';
import { discover, discoveryContentType } from './engine/discovery.ts';
import { dispatch, findResource, verbOf } from './engine/dispatch.ts';
import { Faults, type FailRule } from './engine/faults.ts';
import { RequestLog, type RecordedRequest } from './engine/request-log.ts';
import type { Answer } from './engine/resource-request.ts';
import { readRoute, type ResourceRoute } from './engine/route.ts';
import { seedCluster } from './engine/seed-cluster.ts';
import { restoreCluster, saveCluster, type KubeSimSnapshot } from './engine/snapshot.ts';
import { StatusFault } from './problems/status-fault.ts';
import type { SimRequest, SimResponse } from './sim-request.ts';

export interface KubeSimOptions {
  readonly clock: Clock;
  /** Where identities and generated names come from. */
  readonly ids: Ids;
  /** How many changes of each resource are kept for watches. */
  readonly historyMax?: number;
}

/**
 * A Kubernetes API server in memory: deterministic, without HTTP, moved by its clock alone. It answers as the release
 * in its schema would; what it does not offer is not found.
 */
export class KubeSim {
  /** What is stored, to look at without a request. */
  readonly view: ClusterView;
  readonly #cluster: Cluster;
  readonly #faults = new Faults();
  readonly #log = new RequestLog();
  readonly #customResources: CustomResources;

  constructor({ clock, ids, historyMax = 1_000 }: KubeSimOptions) {
    this.#cluster = new Cluster({ clock, ids, historyMax });
    this.view = new ClusterView(this.#cluster);
    this.#customResources = new CustomResources(this.#cluster);
    seedCluster(this.#cluster);
    // What a fresh server made by itself is no history: nobody can watch from before it began.
    this.compact();
  }

  async handle(request: SimRequest): Promise<SimResponse> {
    const response = this.#faults.answer(request) ?? this.#respond(request);
    this.#cluster.runAfterwards();
    this.#log.add(request, response.status);
    return response;
  }

  /** Answers matching requests with something else. */
  fail(rule: FailRule): () => void {
    return this.#faults.fail(rule);
  }

  /** The last thousand requests, oldest first. */
  get requests(): readonly RecordedRequest[] {
    return this.#log.entries;
  }

  /** Forgets the history, so that watches and pages from before are answered with 410. */
  compact(): void {
    this.#cluster.compact();
  }

  /** Everything that is stored, as JSON. */
  snapshot(): KubeSimSnapshot {
    return saveCluster(this.#cluster);
  }

  /** Takes over a snapshot in place of what is stored. Open watches see nothing of it; they have to begin anew. */
  restore(snapshot: KubeSimSnapshot): void {
    restoreCluster(this.#cluster, snapshot);
    this.#customResources.reload();
    this.#cluster.runAfterwards();
  }

  #respond(request: SimRequest): SimResponse {
    const warnings: string[] = [];
    try {
      return this.#answer(request, (warning) => warnings.push(warning), warnings);
    } catch (error) {
      if (!(error instanceof StatusFault)) throw error;
      return respond({ status: error.httpStatus, body: error.status }, warnings);
    }
  }

  #answer(request: SimRequest, warn: (text: string) => void, warnings: readonly string[]): SimResponse {
    const route = readRoute(request.path);
    if (route.kind === 'unknown') return text(404, '404 page not found\n');
    if (route.kind === 'resource') {
      if (!this.#cluster.registry.hasGroup(route.resource.group)) return text(404, '404 page not found\n');
      return respond(this.#answerResource(request, route.resource, warn), warnings);
    }
    if (['/healthz', '/livez', '/readyz'].includes(route.path)) return text(200, 'ok');
    const group = route.path.startsWith('/apis/') ? route.path.split('/')[2]! : '';
    if (!this.#cluster.registry.hasGroup(group)) return text(404, '404 page not found\n');
    const accept = request.headers['accept'];
    const body = JSON.stringify(discover(this.#cluster.registry, route.path, accept));
    return { status: 200, headers: { 'content-type': discoveryContentType(route.path, accept) }, body };
  }

  #answerResource(request: SimRequest, route: ResourceRoute, warn: (text: string) => void): Answer {
    const resource = findResource(this.#cluster, route);
    const resourceRequest = {
      verb: verbOf(request.method, route, request.query),
      resource,
      namespace: route.namespace,
      name: route.name,
      subresource: route.subresource,
      query: request.query,
      headers: request.headers,
      body: request.body ?? '',
      signal: request.signal,
      warn,
    };
    return dispatch(this.#cluster, resourceRequest);
  }
}

function respond({ status, body }: Answer, warnings: readonly string[]): SimResponse {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (warnings.length > 0)
    headers['warning'] = warnings.map((warning) => `299 - ${JSON.stringify(warning)}`).join(', ');
  const isReady = typeof body === 'string' || Symbol.asyncIterator in body;
  return { status, headers, body: isReady ? body : JSON.stringify(body) };
}

function text(status: number, body: string): SimResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
