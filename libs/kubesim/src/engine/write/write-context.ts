import type { FieldDoor } from '../../fields/field-door.ts';
import type { KindTools } from '../../kinds/kind-rules.ts';
import { storeKey } from '../../objects/metadata.ts';
import { methodNotAllowed } from '../../problems/status-fault.ts';
import type { Cluster } from '../cluster.ts';
import { managerOf, type WriteOptions } from '../read-options.ts';
import type { ResourceRequest } from '../resource-request.ts';
import type { ServedResource } from '../served-resource.ts';

/** Everything that the steps of one write share. */
export interface WriteContext {
  readonly cluster: Cluster;
  readonly resource: ServedResource;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
  /** Who owns the fields that the write changes. */
  readonly manager: string;
  readonly time: string;
  readonly door: FieldDoor;
  readonly tools: KindTools;
  readonly warn: (text: string) => void;
}

export function writeContext(cluster: Cluster, request: ResourceRequest, options: WriteOptions): WriteContext {
  const { resource, subresource, namespace, name, headers, warn } = request;
  const door = resource.doors[subresource];
  if (!door) throw methodNotAllowed();
  return {
    cluster,
    resource,
    subresource,
    namespace,
    name,
    dryRun: options.dryRun,
    manager: managerOf(options, headers['user-agent'] ?? ''),
    time: cluster.time(),
    door,
    tools: cluster.toolsFor(resource, options.dryRun),
    warn,
  };
}

export function keyOfWrite({ namespace, name }: WriteContext): string {
  return storeKey(namespace, name);
}
