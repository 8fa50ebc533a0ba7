import type { KubeObject, ObjectKey } from '@flotilla/model';
import { marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** Where an agent finds itself in its cluster: the Deployment that it was made by, and its own pod. */
export interface AgentHome {
  readonly namespace: string;
  readonly deployment: string;
  readonly container: string;
  readonly pod: string;
}

/** One container, as much of it as matters here; the rest is carried along. */
export interface HomeContainer extends Record<string, unknown> {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
}

export interface PodSpec extends Record<string, unknown> {
  readonly containers: readonly HomeContainer[];
}

/** The agent's Deployment as it was read. */
export interface DeploymentReading {
  readonly object: KubeObject;
  readonly podSpec: PodSpec;
  readonly container: HomeContainer;
  /** The upgrades that were begun and ended here last. */
  readonly begun: string | undefined;
  readonly ended: string | undefined;
}

/** The Deployment that an agent lives in: read, and changed only as it was read. */
export class AgentDeployment {
  readonly #cluster: ClusterApi;
  readonly #home: Omit<AgentHome, 'pod'>;

  constructor(cluster: ClusterApi, home: Omit<AgentHome, 'pod'>) {
    this.#cluster = cluster;
    this.#home = home;
  }

  /** `undefined` when there is no such Deployment, or no such container in it. */
  async read(): Promise<DeploymentReading | undefined> {
    const object = await this.#cluster.get(this.#key());
    const podSpec = (object?.spec as { template?: { spec?: PodSpec } } | undefined)?.template?.spec;
    const container = podSpec?.containers.find(({ name }) => name === this.#home.container);
    if (!object || !podSpec || !container) return undefined;
    const { annotations = {} } = object.metadata;
    return {
      object,
      podSpec,
      container,
      begun: annotations[marks.upgradeBegun],
      ended: annotations[marks.upgradeEnded],
    };
  }

  /** Brings the new image, and says for which upgrade. False when the Deployment is not what was read any more. */
  begin(reading: DeploymentReading, { upgrade, image }: { upgrade: string; image: string }): Promise<boolean> {
    const annotations = { [marks.upgradeBegun]: upgrade };
    return this.#patch(reading, { metadata: { annotations }, spec: withImage(reading, image) });
  }

  /**
   * Writes that this upgrade is over, and the image that stays. Whoever read the Deployment before this cannot change it
   * any more: a switch that was under way when the watchdog decided comes to nothing.
   */
  end(reading: DeploymentReading, { upgrade, image }: { upgrade: string; image: string }): Promise<boolean> {
    const annotations = { [marks.upgradeEnded]: upgrade };
    const isThere = reading.container.image === image;
    return this.#patch(reading, { metadata: { annotations }, ...(!isThere && { spec: withImage(reading, image) }) });
  }

  async #patch({ object }: DeploymentReading, patch: { metadata?: object; spec?: object }): Promise<boolean> {
    const { resourceVersion, uid } = object.metadata;
    const metadata = { ...patch.metadata, resourceVersion, uid };
    return (await this.#cluster.mergePatch(this.#key(), { ...patch, metadata })) !== undefined;
  }

  #key(): ObjectKey {
    const { namespace, deployment: name } = this.#home;
    return { group: 'apps', kind: 'Deployment', namespace, name };
  }
}

/** A merge patch replaces a list whole; the version that it is bound to keeps the other containers as they are. */
function withImage({ podSpec, container }: DeploymentReading, image: string): object {
  const containers = podSpec.containers.map((each) => (each === container ? { ...each, image } : each));
  return { template: { spec: { containers } } };
}

/** The image that this very process runs: of its own pod, because the Deployment may say another one already. */
export async function ownImage(cluster: ClusterApi, home: AgentHome): Promise<string | undefined> {
  const pod = await cluster.get({ group: '', kind: 'Pod', namespace: home.namespace, name: home.pod });
  return (pod?.spec as PodSpec | undefined)?.containers.find(({ name }) => name === home.container)?.image;
}
