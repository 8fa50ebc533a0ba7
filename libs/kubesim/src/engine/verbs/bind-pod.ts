import { readJson } from '../../decode/read-json.ts';
import { storeKey } from '../../objects/metadata.ts';
import { badRequest, conflict, notFound } from '../../problems/status-fault.ts';
import { isObject, type JsonObject } from '../../schema/schema-type.ts';
import type { Cluster } from '../cluster.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';

/** The scheduler's one write: gives a pod its node, for ever. */
export function bindPod(cluster: Cluster, { resource, namespace, name, body }: ResourceRequest): Answer {
  const read = readJson(body);
  const target = read.ok && isObject(read.value) ? read.value['target'] : undefined;
  if (!isObject(target) || typeof target['name'] !== 'string') throw badRequest('the binding names no target');
  const store = cluster.store(resource);
  const key = storeKey(namespace, name);
  const pod = store.get(key);
  if (!pod) throw notFound(resource, name);
  const spec = pod['spec'] as JsonObject;
  if (spec['nodeName']) {
    const why = `pod ${name} is already assigned to node ${JSON.stringify(spec['nodeName'])}`;
    throw conflict({ group: '', plural: 'pods/binding' }, name, why);
  }
  const status = pod['status'] as JsonObject;
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: cluster.time(),
  };
  const before = (status['conditions'] ?? []) as readonly JsonObject[];
  const others = before.filter(({ type }) => type !== scheduled.type);
  store.put(key, {
    ...pod,
    spec: { ...spec, nodeName: target['name'] },
    status: { ...status, conditions: [...others, scheduled] },
  });
  return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}
