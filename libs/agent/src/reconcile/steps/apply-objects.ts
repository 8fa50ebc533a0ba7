import { Fault, mapLimited, toFault } from '@flotilla/foundation';
import { objectId, targetTitle, type DesiredEntry, type DriftedField } from '@flotilla/model';
import { applyObject, strangerAt, type AppliedObject } from '../../apply/apply-object.ts';
import { appliedWithLeft } from '../../apply/applied-fields.ts';
import { ensureNamespace } from '../../apply/ensure-namespace.ts';
import { driftedField, wholeObject } from '../../apply/object-drift.ts';
import { isDrift, type PlannedObject } from '../../apply/object-plan.ts';
import { placedFault } from '../../apply/refused-set.ts';
import { replaceObject } from '../../apply/replace-object.ts';
import { filesOf, type InventoryItem } from '../../keep/target-record.ts';
import type { LiveObjects } from '../../live/live-objects.ts';
import { saveRecord } from '../save-record.ts';
import type { Step, StepContext } from '../step.ts';
import type { Opponent } from '../contests.ts';
import type { TargetMemory } from '../target-memory.ts';

const appliedAtOnceMax = 16;

/**
 * Brings every object that is out of step to where it shall be, wave by wave. One that fails does not stop its
 * neighbours, but it stops the waves after it, and nothing is deleted until all succeeded.
 */
export const applyObjects: Step<'OutOfStep'> = {
  name: 'apply objects',
  run: async (context) => {
    const { memory, state, ports } = context;
    const entry = memory.entry!;
    if (entry.sync.createNamespace && !memory.hasNamespace)
      await ensureNamespace(
        ports,
        entry.namespace,
        state.objects.map(({ desired }) => desired.key),
      );
    const drift: DriftedField[] = [];
    for (const wave of wavesOf(state.objects)) {
      await knowKinds(context, wave);
      await ports.live.follow(wave.map(({ desired }) => desired.key));
      if (mayTakeOver(entry)) await recordAdoptions(context, wave);
      const faults = await applyWave(context, wave, { entry, drift });
      if (faults.length > 0) {
        await keepProgress(context);
        throw together(targetTitle(entry), faults);
      }
    }
    if (drift.length > 0) memory.drift = drift.slice(0, 100);
    // Then what was asked for is still to do.
    if (isInterrupted(context, entry)) return;
    memory.reapplied.add(
      entry.syncRequest,
      state.objects.map(({ desired }) => desired.key),
    );
    if (state.isLast) memory.syncRequestDone = entry.syncRequest;
  },
};

function mayTakeOver({ sync }: DesiredEntry): boolean {
  return sync.adopt || (sync.takeOverFrom?.length ?? 0) > 0;
}

/** A definition that was applied and is well by now brought kinds that nobody has asked the API server about. */
async function knowKinds({ ports: { cluster } }: StepContext<'OutOfStep'>, wave: readonly PlannedObject[]) {
  const kinds = new Map(wave.map(({ desired: { key } }) => [`${key.group}/${key.kind}`, key]));
  for (const kind of kinds.values()) {
    if (!(await cluster.kindOf(kind))) return cluster.refreshKinds();
  }
}

/**
 * What is taken over is written down as such before it is touched: cut off right after that, we would take it for an
 * object that we made, and delete it one day.
 */
async function recordAdoptions(
  { memory, ports }: StepContext<'OutOfStep'>,
  wave: readonly PlannedObject[],
): Promise<void> {
  const strangers = await mapLimited(wave, appliedAtOnceMax, async (planned) =>
    (await strangerAt(ports.cluster, planned)) ? [objectId(planned.desired.key)] : [],
  );
  const taken = new Set(strangers.flat());
  if (taken.size === 0) return;
  const inventory = memory.record.inventory.map((item) =>
    taken.has(objectId(item.key)) ? { ...item, adopted: true } : item,
  );
  await saveRecord(memory, ports, { ...memory.record, inventory });
}

async function applyWave(
  { memory, ports }: StepContext<'OutOfStep'>,
  wave: readonly PlannedObject[],
  { entry, drift }: { readonly entry: DesiredEntry; readonly drift: DriftedField[] },
): Promise<Fault[]> {
  const results = await mapLimited(wave, appliedAtOnceMax, async (planned) => {
    if (isInterrupted({ memory, ports }, entry)) return undefined;
    try {
      const { adopt, takeOverFrom, ignore } = entry.sync;
      const applied = await applyObject({ cluster: ports.cluster, planned, adopt, takeOverFrom, ignore });
      remember(memory, planned, { applied, live: ports.live });
      const isMissed = memory.missed.delete(objectId(planned.desired.key));
      drift.push(...(isMissed ? [driftedField(planned.desired, wholeObject, true)] : applied.takenBack));
      if (isDrift(planned.standing) || isMissed)
        memory.contests.takenBack(planned.desired.key, opponentOf(planned), ports.clock.now());
      return undefined;
    } catch (error) {
      ports.taken.forget();
      const fault = toFault(error);
      if (fault.reason === 'ObjectChanged') await lookAgain(planned, ports);
      return refusalOf({ memory, ports }, planned, fault);
    }
  });
  return results.filter((fault) => fault !== undefined);
}

/** No watch has told that it went, or that another one came: without a look it would be taken for what it was for ever. */
async function lookAgain({ desired: { key }, live: known }: PlannedObject, { cluster, live }: StepContext['ports']) {
  const there = await cluster.get(key).catch(() => ({ metadata: { uid: known?.uid } }));
  if (there?.metadata.uid !== known?.uid) live.forget(key);
}

/** What is invalid is named with its place in Git; what cannot be changed in place may be made again. */
async function refusalOf(
  { memory, ports: { cluster, live, records, suspensions } }: Pick<StepContext, 'memory' | 'ports'>,
  planned: PlannedObject,
  fault: Fault,
): Promise<Fault> {
  if (fault.code !== 'invalid') return fault;
  const { target, record, entry } = memory;
  const placed = placedFault({ desired: planned.desired, fault }, filesOf(record, entry!.sourceDigest));
  if (fault.reason !== 'FieldImmutable') return placed;
  const approval = { target, record: records.keyOf(target), approved: suspensions.approvedPrune(target) };
  const outcome = await replaceObject(cluster, { planned, fault: placed }, approval).catch(toFault);
  if (outcome.reason === 'Replacing') live.forget(planned.desired.key);
  return outcome;
}

/** A person said stop since the last object, or an order came that wants something else. */
function isInterrupted({ memory, ports }: Pick<StepContext, 'memory' | 'ports'>, entry: DesiredEntry): boolean {
  return memory.entry !== entry || ports.suspensions.reasonFor(memory.target) !== undefined;
}

function opponentOf({ drift: [first], live }: PlannedObject): Opponent {
  return { manager: first?.manager ?? live?.lastManager?.name ?? 'somebody', field: first?.field };
}

/** Into memory only: the record is written once, when all is done. Until then our label and manager prove what is ours. */
function remember(
  memory: TargetMemory,
  planned: PlannedObject,
  { applied, live }: { applied: AppliedObject; live: LiveObjects },
): void {
  const { desired } = planned;
  const id = objectId(desired.key);
  const left = appliedWithLeft(planned, applied);
  const { uid, fields, owned } = live.note(applied.object, left);
  const item: InventoryItem = {
    key: desired.key,
    apiVersion: desired.object.apiVersion,
    uid,
    manifest: desired.manifest,
    ...(left ?? { fields, owned }),
    ...(applied.adopted && { adopted: true }),
  };
  const inventory = memory.record.inventory.map((known) => {
    if (objectId(known.key) !== id) return known;
    return known.adopted ? { ...item, adopted: true } : item;
  });
  memory.record = { ...memory.record, inventory };
  memory.unsaved = true;
}

/** What failed may fail for long; what was done until then is not left to memory alone. */
async function keepProgress({ memory, ports }: StepContext<'OutOfStep'>): Promise<void> {
  if (memory.unsaved) await saveRecord(memory, ports, memory.record);
}

function wavesOf(objects: readonly PlannedObject[]): PlannedObject[][] {
  const waves = new Map<number, PlannedObject[]>();
  for (const planned of objects) waves.set(planned.desired.wave, [...(waves.get(planned.desired.wave) ?? []), planned]);
  return [...waves].toSorted(([left], [right]) => left - right).map(([, members]) => members);
}

/** The gravest consequence wins: what only a person can mend is said first, what passes by itself last. */
function together(subject: string, faults: readonly Fault[]): Fault {
  const gravest = faults.find(({ consequence }) => consequence.kind === 'stall') ?? faults[0]!;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more objects failed)` : '';
  const { code, reason, message, consequence } = gravest;
  return new Fault({ code, reason, message: `${message}${more}`, subject, consequence, cause: gravest });
}
