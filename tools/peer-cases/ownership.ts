import { owningInventoryOf } from '@flotilla/agent';
import { TargetWorld } from '@flotilla/agent/testing';
import { keyOfObject, type KubeObject } from '@flotilla/model';
import { isNeverDeleted } from '@flotilla/workload-manifests';
import type { Adapter, Compared, PeerCase } from './peer-case.ts';

/**
 * May an object be applied, may it be pruned? The peer tells whose it is by an annotation, we by our inventory, its uid
 * and its field manager: what matches there is ours here, what names another inventory belongs to another tool. Its
 * policies are our settings: nothing that is not ours, or with `adopt` what nobody else keeps. To take what another
 * inventory keeps is not offered.
 */
export const kept: Adapter = (peerCase) => {
  const { expected = {}, inventoryId, policy } = peerCase;
  if ('match' in expected) return matching(peerCase);
  if (inventoryId === undefined) return 'canPrune' in expected ? prevented(peerCase) : undefined;
  return settings.has(policy as string) ? owned(peerCase) : undefined;
};

const settings = new Set(['MustMatch', 'AdoptIfNoInventory']);

function matching({ expected, inventoryId, ...peerCase }: PeerCase): Compared {
  const owner = owningInventoryOf(objectOf(peerCase));
  const match = owner === undefined ? 'Empty' : owner === inventoryId ? 'Match' : 'NoMatch';
  return { expected, actual: { match } };
}

/** What an object says of its own deletion. */
function prevented({ expected, ...peerCase }: PeerCase): Compared {
  return { expected, actual: { canPrune: !isNeverDeleted(objectOf(peerCase)) } };
}

async function owned({ expected = {}, inventoryId, policy, ...peerCase }: PeerCase): Promise<Compared> {
  const world = await TargetWorld.open();
  const object = objectOf(peerCase);
  const adopt = policy === 'AdoptIfNoInventory';
  const sync = { prune: true, drift: 'correct' as const, adopt, pruneAdopted: adopt, createNamespace: true };
  const [one, other] = [object, { ...object, metadata: { name: 'other' } }].map((each) => JSON.stringify(each));
  if (owningInventoryOf(object) !== inventoryId) await world.people.create(object);
  await world.run([one!, other!], { sync });
  const canApply = world.status()!.reason?.code !== 'Conflict';
  await world.run([other!], { sync });
  const answers = { canApply, canPrune: world.api.peek(keyOfObject(object)) === undefined };
  const asked = Object.keys(expected) as (keyof typeof answers)[];
  return { expected, actual: Object.fromEntries(asked.map((name) => [name, answers[name]])) };
}

function objectOf({ objectAnnotations }: Omit<PeerCase, 'expected'>): KubeObject {
  const metadata = { name: 'x', namespace: 'apps', annotations: objectAnnotations } as KubeObject['metadata'];
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata };
}
