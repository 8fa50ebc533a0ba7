import { expect, it } from 'vitest';
import type { InventoryItem } from '../keep/target-record.ts';
import type { LiveObject } from '../live/live-object.ts';
import { items } from '../testing/factories.ts';
import type { DesiredObject } from './desired-object.ts';
import { planObjects, type PlanObjectsInput } from './object-plan.ts';

const item: InventoryItem = { ...items('ConfigMap/one')[0]!, manifest: 'm1', owned: 'o1' };
const unmade: InventoryItem = { key: item.key, apiVersion: 'v1', manifest: 'm1' };
const live = { uid: item.uid, target: 'target1', fields: {}, owned: 'o1' } as unknown as LiveObject;
const desired = { key: item.key, object: { metadata: {} }, manifest: 'm1' } as unknown as DesiredObject;

interface Row {
  readonly what: string;
  readonly item?: InventoryItem | undefined;
  readonly live?: LiveObject | undefined;
  readonly options?: Partial<PlanObjectsInput>;
  readonly plan: string;
}

function planned({ options = {}, ...row }: Row): string {
  const known = 'item' in row ? row.item : item;
  const seen = 'live' in row ? row.live : live;
  const [object] = planObjects({
    target: 'target1',
    desired: [desired],
    inventory: known ? [known] : [],
    live: () => seen,
    settings: { drift: 'correct' },
    isDeploying: false,
    isScaled: () => false,
    applyAll: false,
    isReapplied: () => false,
    hooks: [],
    isContested: () => false,
    ...options,
  }).objects;
  return `${object!.standing}${object!.write ? ', written' : ''}${object!.held ? ', held' : ''}`;
}

const drifted = { ...live, owned: 'o2' };
const report = { settings: { drift: 'report' } } as const;

const rows: readonly Row[] = [
  { what: 'as it shall be', plan: 'same' },
  { what: 'as it shall be, and a person wants all applied', options: { applyAll: true }, plan: 'same, written' },
  { what: 'never made', item: undefined, live: undefined, plan: 'absent, written' },
  { what: 'about to be made', item: unmade, live: undefined, plan: 'absent, written' },
  { what: 'there, but said to be in the making', item: { ...item, making: true }, plan: 'changed, written' },
  { what: 'there, but not known to be', item: unmade, plan: 'changed, written' },
  { what: 'another manifest', item: { ...item, manifest: 'm0' }, plan: 'changed, written' },
  {
    what: 'another manifest, and drift is only reported',
    item: { ...item, manifest: 'm0' },
    options: report,
    plan: 'changed, written',
  },
  { what: 'changed by somebody', live: drifted, plan: 'drifted, written' },
  { what: 'changed by somebody, only reported', live: drifted, options: report, plan: 'drifted' },
  {
    what: 'changed by somebody, only reported, and a person wants all applied',
    live: drifted,
    options: { ...report, applyAll: true },
    plan: 'drifted, written',
  },
  { what: 'deleted by somebody', live: undefined, plan: 'deleted, written' },
  { what: 'deleted by somebody, only reported', live: undefined, options: report, plan: 'deleted' },
  {
    what: 'deleted by somebody, and another manifest by now',
    item: { ...item, manifest: 'm0' },
    live: undefined,
    options: report,
    plan: 'absent, written',
  },
  { what: 'contested', live: drifted, options: { isContested: () => true }, plan: 'drifted, held' },
  {
    what: 'contested, and a person wants all applied',
    live: drifted,
    options: { isContested: () => true, applyAll: true },
    plan: 'drifted, written',
  },
  {
    what: 'contested, and another manifest by now',
    item: { ...item, manifest: 'm0' },
    options: { isContested: () => true },
    plan: 'changed, written',
  },
  { what: 'made again by somebody under our name', live: { ...live, uid: 'other' }, plan: 'foreign, written' },
  { what: 'there before us', item: undefined, plan: 'foreign, written' },
];

it.each(rows)('$what: $plan', (row) => {
  expect(planned(row)).toBe(row.plan);
});

it('what the inventory holds and nobody wants is left over', () => {
  const inventory = [item, ...items('ConfigMap/two', 'Secret/one')];
  const plan = planObjects({
    target: 'target1',
    desired: [desired],
    inventory,
    live: () => live,
    settings: { drift: 'correct' },
    isDeploying: false,
    isScaled: () => false,
    applyAll: false,
    isReapplied: () => false,
    hooks: [],
    isContested: () => false,
  });
  expect(plan.leftovers).toEqual(items('ConfigMap/two', 'Secret/one'));
});
