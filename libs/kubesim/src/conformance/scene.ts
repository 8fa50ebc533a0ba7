import type { Json, JsonDraft, JsonObject } from '../schema/schema-type.ts';
import type { ConformanceApi, ConformanceRequest, WatchEvent } from './conformance-api.ts';

/** An answer whose body is looked into freely. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- cases compare the parts they are about
  readonly body: any;
}

export interface ApplyWords {
  readonly manager?: string;
  /** Further parameters, such as `force=true` or `dryRun=All`. */
  readonly query?: string;
  readonly subresource?: string;
}

const groups: Readonly<Record<string, string>> = {
  deployments: 'apps/v1',
  replicasets: 'apps/v1',
  statefulsets: 'apps/v1',
  daemonsets: 'apps/v1',
  controllerrevisions: 'apps/v1',
  jobs: 'batch/v1',
  cronjobs: 'batch/v1',
  ingresses: 'networking.k8s.io/v1',
  ingressclasses: 'networking.k8s.io/v1',
  networkpolicies: 'networking.k8s.io/v1',
  poddisruptionbudgets: 'policy/v1',
  horizontalpodautoscalers: 'autoscaling/v2',
  roles: 'rbac.authorization.k8s.io/v1',
  rolebindings: 'rbac.authorization.k8s.io/v1',
  clusterroles: 'rbac.authorization.k8s.io/v1',
  clusterrolebindings: 'rbac.authorization.k8s.io/v1',
  leases: 'coordination.k8s.io/v1',
  priorityclasses: 'scheduling.k8s.io/v1',
  storageclasses: 'storage.k8s.io/v1',
  customresourcedefinitions: 'apiextensions.k8s.io/v1',
};

const ofCluster = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'ingressclasses',
  'clusterroles',
  'clusterrolebindings',
  'priorityclasses',
  'storageclasses',
  'customresourcedefinitions',
]);

/** What one case plays on: a namespace of its own, and short words for the requests that cases make. */
export class Scene {
  readonly api: ConformanceApi;
  readonly namespace: string;

  constructor(api: ConformanceApi, namespace: string) {
    this.api = api;
    this.namespace = namespace;
  }

  /** A name for something outside the namespace: nobody else has it, not even this case at another time. */
  unique(name: string): string {
    return `${name}-${this.namespace}`;
  }

  /** The path of a resource in the namespace of the case, or of one of its objects. */
  path(plural: string, ...rest: readonly string[]): string {
    const group = groups[plural];
    const place = ofCluster.has(plural) ? [] : ['namespaces', this.namespace];
    return [group ? `/apis/${group}` : '/api/v1', ...place, plural, ...rest].join('/');
  }

  async request(method: string, path: string, options?: ConformanceRequest): Promise<Answer> {
    return this.api.request(method, path, options);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.request('GET', path, { headers });
  }

  /** A server answers "any version" from a cache that may be behind; from here on it is not. */
  async caughtUp(plural: string): Promise<void> {
    const { body } = await this.get(this.path(plural));
    await this.get(`${this.path(plural)}?resourceVersion=${body.metadata.resourceVersion}`);
  }

  create(plural: string, body: Json, query = ''): Promise<Answer> {
    return this.request('POST', withQuery(this.path(plural), query), { body });
  }

  replace(path: string, body: Json, query = ''): Promise<Answer> {
    return this.request('PUT', withQuery(path, query), { body });
  }

  /** `kind`: how to read the patch, such as `merge` or `strategic-merge`. */
  patch(path: string, kind: 'merge' | 'strategic-merge' | 'json', body: Json, query = ''): Promise<Answer> {
    const headers = { 'content-type': `application/${kind}-patch+json` };
    return this.request('PATCH', withQuery(path, query), { headers, body });
  }

  /** Server-side apply to the path that the object names. */
  apply(plural: string, body: JsonObject, words: ApplyWords = {}): Promise<Answer> {
    const { manager = 'alice', query = '', subresource } = words;
    const { name } = body['metadata'] as { name: string };
    const path = this.path(plural, name, ...(subresource ? [subresource] : []));
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    return this.request('PATCH', withQuery(`${path}?fieldManager=${manager}`, query), { headers, body });
  }

  delete(path: string, options?: Json): Promise<Answer> {
    return this.request('DELETE', path, options === undefined ? {} : { body: options });
  }

  /** The next events of a watch, as many as asked for. */
  async events(path: string, count: number, headers: Readonly<Record<string, string>> = {}): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    for await (const event of this.api.watch(path, headers)) {
      events.push(event);
      if (events.length >= count) break;
    }
    return events;
  }
}

function withQuery(path: string, query: string): string {
  if (query === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** A config map with this content. */
export function configMap(
  name: string,
  data: Readonly<Record<string, string>> = {},
  metadata: JsonObject = {},
): JsonDraft {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

/** A Deployment of one container, with further fields of its spec. */
export function deployment(name: string, spec: JsonObject = {}, container: JsonObject = {}): JsonDraft {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'nginx:1', ...container }] } },
      ...spec,
    },
  };
}
