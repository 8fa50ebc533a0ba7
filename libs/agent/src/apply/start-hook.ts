import { Fault } from '@flotilla/foundation';
import { objectTitle, type KubeObject } from '@flotilla/model';
import { isHookDeletedAt } from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import { liveObject } from '../live/live-object.ts';
import { marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { DesiredHook } from './desired-object.ts';
import { makeAbsent } from './make-absent.ts';
import { isProvenOurs, isSuspended } from './ownership.ts';

export interface StartHookOptions {
  readonly cluster: ClusterApi;
  readonly target: string;
  readonly hook: DesiredHook;
  readonly item: InventoryItem | undefined;
  /** Names this one run: an object that carries it is the run, and is never made a second time. */
  readonly run: string;
}

/**
 * Makes the object of a hook for one run, and returns it. Cut off at any moment it can be called again: what was made for
 * this run is found by its mark, and what stands there from a run before goes first, if the hook says so.
 */
export async function startHook(options: StartHookOptions): Promise<KubeObject> {
  const { cluster, hook, run } = options;
  const { annotations } = hook.object.metadata;
  const metadata = { ...hook.object.metadata, annotations: { ...annotations, [marks.hookRun]: run } };
  const object = { ...hook.object, metadata };
  const made = (await makeAbsent(cluster, object)) ?? (await found(options));
  if (made) return made;
  const again = await makeAbsent(cluster, object);
  if (!again) throw standing(hook, 'ObjectChanged', 'somebody made it at this very moment', { kind: 'retry' });
  return again;
}

/** What was made for this run already; nothing once the way is free for it. */
async function found({ cluster, target, hook, item, run }: StartHookOptions): Promise<KubeObject | undefined> {
  const there = await cluster.get(hook.key);
  if (!there) return undefined;
  const { annotations = {}, uid, deletionTimestamp } = there.metadata;
  if (!isProvenOurs({ target, item, live: liveObject(there) }))
    throw standing(hook, 'Conflict', 'it exists already and is not ours: delete it, or give the hook another name');
  if (annotations[marks.hookRun] === run) return there;
  if (isSuspended(there)) throw standing(hook, 'Suspended', 'it is suspended by a person');
  if (!isHookDeletedAt(hook.object, 'starting'))
    throw standing(
      hook,
      'HookStands',
      'it stands there from an earlier run, and its delete policy keeps it: delete it',
    );
  const gone = deletionTimestamp === undefined ? await cluster.delete(hook.key, { uid: uid! }) : 'pending';
  if (gone !== 'pending') return undefined;
  throw standing(hook, 'PrunePending', 'the object of an earlier run is held by finalizers', {
    kind: 'wait',
    forWhat: 'its finalizers',
  });
}

function standing(
  { key }: DesiredHook,
  reason: string,
  why: string,
  consequence: Fault['consequence'] = { kind: 'stall', until: 'a person decides what becomes of it' },
): Fault {
  const title = objectTitle(key);
  return new Fault({ code: 'conflict', reason, message: `hook ${title}: ${why}`, subject: title, consequence });
}
