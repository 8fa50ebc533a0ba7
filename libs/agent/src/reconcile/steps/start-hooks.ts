import { isoTime, mapLimited, toFault, type Fault } from '@flotilla/foundation';
import { objectId } from '@flotilla/model';
import { ensureNamespace } from '../../apply/ensure-namespace.ts';
import { startHook } from '../../apply/start-hook.ts';
import type { InventoryItem, TargetRecord } from '../../keep/target-record.ts';
import { runOf, runsFor, withRun, withSync } from '../hook-runs.ts';
import { runName, type HookStanding } from '../hook-standing.ts';
import { saveRecord } from '../save-record.ts';
import type { Step, StepContext } from '../step.ts';
import type { TargetMemory } from '../target-memory.ts';

const startedAtOnceMax = 4;

/**
 * Begins the hooks whose turn it is. That they begin is written down before anything is made, and each object carries the
 * name of its run: cut off at any moment, whoever comes next finds out what was made, and makes nothing twice.
 */
export const startHooks: Step<'HooksDue'> = {
  name: 'start hooks',
  run: async (context) => {
    const { memory, state, ports } = context;
    const { entry } = memory;
    const keys = state.hooks.map(({ hook }) => hook.key);
    if (entry!.sync.createNamespace) await ensureNamespace(ports, entry!.namespace, keys);
    await ports.live.follow(keys);
    if (state.hooks.some(({ run }) => !run)) await recordBegin(context);
    const faults = await mapLimited(state.hooks, startedAtOnceMax, async (standing) => {
      // Who stops us, or orders something else meanwhile, is heard before each hook.
      if (memory.entry !== entry || ports.suspensions.reasonFor(memory.target)) return undefined;
      return start(standing, context).catch((error: unknown) => noteFault(standing, memory, toFault(error)));
    });
    const [fault] = faults.filter((one) => one !== undefined);
    await saveRecord(memory, ports, memory.record);
    if (fault) throw fault;
  },
};

async function recordBegin({ memory, state, ports }: StepContext<'HooksDue'>): Promise<void> {
  const startedAt = isoTime(ports.clock.now());
  const fresh = state.hooks.filter(({ run }) => !run);
  const { record } = memory;
  const begun = fresh.reduce<TargetRecord>(
    (known, { hook, turn }) =>
      withRun(withSync(known, turn, state.sync), { key: hook.key, phase: turn.phase, startedAt }),
    record,
  );
  const items = new Map(begun.inventory.map((item) => [objectId(item.key), item]));
  for (const { hook } of fresh) {
    const { key, object } = hook;
    const known = items.get(objectId(key)) ?? { key, apiVersion: object.apiVersion };
    items.set(objectId(key), { ...known, making: true, hook: true });
  }
  await saveRecord(memory, ports, { ...begun, inventory: [...items.values()] });
}

async function start(standing: HookStanding, { memory, state, ports }: StepContext<'HooksDue'>): Promise<undefined> {
  const { hook, turn } = standing;
  const { record, target } = memory;
  const item = record.inventory.find(({ key }) => objectId(key) === objectId(hook.key));
  const run = runName(state.sync, standing);
  const live = ports.live.note(await startHook({ cluster: ports.cluster, target, hook, item, run }));
  const known = runOf(runsFor(memory.record, turn)!, hook.key, turn)!;
  const made: InventoryItem = { key: hook.key, apiVersion: hook.object.apiVersion, uid: live.uid, hook: true };
  const inventory = memory.record.inventory.map((one) => (objectId(one.key) === objectId(hook.key) ? made : one));
  const { why: _, ...begun } = known;
  memory.record = withRun({ ...memory.record, inventory }, { ...begun, uid: live.uid });
  return undefined;
}

/** Where it cannot be begun in time, this is why. */
function noteFault({ hook, turn }: HookStanding, memory: TargetMemory, fault: Fault): Fault {
  const run = runOf(runsFor(memory.record, turn)!, hook.key, turn)!;
  memory.record = withRun(memory.record, { ...run, why: fault.message });
  return fault;
}
