import { describe, expect, it } from 'vitest';
import { objectId, type HealthStatus } from '@flotilla/model';
import type { Turn } from '@flotilla/workload-manifests';
import type { PlannedObject } from '../apply/object-plan.ts';
import { configMapKey } from '../testing/factories.ts';
import type { HookStanding, HookState } from './hook-standing.ts';
import { nextTurn } from './next-turn.ts';

interface Given {
  readonly wave?: number;
  readonly phase?: Turn['phase'];
  readonly write?: boolean;
  readonly health?: HealthStatus;
  readonly suspended?: boolean;
  readonly needs?: readonly string[];
  readonly kind?: string;
}

const id = (name: string, kind = 'ConfigMap') => objectId({ ...configMapKey(name), kind });

function planned(name: string, given: Given): PlannedObject {
  const { wave = 0, phase = 'Sync', write = false, health, suspended, needs = [], kind = 'ConfigMap' } = given;
  const live = health && { health: { status: health }, ...(suspended && { suspended: { text: 'mine' } }) };
  const desired = { key: { ...configMapKey(name), kind }, turn: { phase, wave }, needs };
  return { desired, live, write } as unknown as PlannedObject;
}

interface Row {
  readonly what: string;
  readonly objects: Readonly<Record<string, Given>>;
  readonly due: string;
  readonly waits?: string;
  /** What is due where it is no sync. */
  readonly between: string;
}

const rows: readonly Row[] = [
  { what: 'nothing to do', objects: { a: { health: 'Degraded' } }, due: '', between: '' },
  {
    what: 'all of one wave, well or not',
    objects: { a: { write: true }, b: { health: 'Degraded' } },
    due: 'a',
    between: 'a',
  },
  {
    what: 'one wave after another',
    objects: { b: { wave: 1, write: true }, a: { write: true }, c: { wave: 2, write: true } },
    due: 'a',
    waits: 'wave 1 on a: Missing',
    between: 'b,a,c',
  },
  {
    what: 'what is there and not well',
    objects: { a: { health: 'Progressing' }, b: { wave: 1, write: true } },
    due: '',
    waits: 'wave 1 on a: Progressing',
    between: 'b',
  },
  {
    what: 'what somebody paused is as well as he wants it',
    objects: { a: { health: 'Suspended' }, b: { wave: 1, write: true } },
    due: 'b',
    between: 'b',
  },
  {
    what: 'what a person suspended is not written, and is waited for',
    objects: { a: { write: true, health: 'Healthy', suspended: true }, b: { wave: 1, write: true } },
    due: '',
    waits: 'wave 1 on a: Healthy',
    between: 'b',
  },
  {
    what: 'a phase before another, whatever the wave',
    objects: { a: { phase: 'PreSync', wave: 9, write: true }, b: { wave: -9, write: true } },
    due: 'a',
    waits: 'wave -9 on a: Missing',
    between: 'a,b',
  },
  {
    what: 'what it depends on',
    objects: { a: { health: 'Progressing' }, b: { needs: [id('a')], write: true }, c: { write: true } },
    due: 'c',
    waits: 'ConfigMap apps/b on a: Progressing',
    between: 'b,c',
  },
  {
    what: 'a definition is waited for at any time',
    objects: {
      a: { kind: 'CustomResourceDefinition', health: 'Progressing' },
      b: { needs: [id('a', 'CustomResourceDefinition')], write: true },
    },
    due: '',
    waits: 'ConfigMap apps/b on a: Progressing',
    between: '',
  },
];

const hook = (name: string, turn: Turn, state: HookState['name']) =>
  ({ hook: { key: configMapKey(name) }, turn, state: { name: state } }) as unknown as HookStanding;

describe('whose turn it is among hooks', () => {
  const hookRows: readonly {
    readonly hooks: Record<string, [Turn['phase'], number, HookState['name']]>;
    told: object;
  }[] = [
    {
      hooks: { a: ['PreSync', 0, 'due'], b: ['PreSync', 0, 'due'], c: ['PreSync', 1, 'due'] },
      told: { objects: [], hooks: ['a', 'b'], waits: 'PreSync wave 1', isApplied: false },
    },
    {
      hooks: { a: ['PreSync', 0, 'running'], b: ['PostSync', 0, 'due'] },
      told: { objects: [], hooks: [], waits: 'wave 0', isApplied: false },
    },
    {
      hooks: { a: ['PreSync', 0, 'succeeded'], b: ['Sync', 0, 'due'] },
      told: { objects: ['o'], hooks: ['b'], waits: undefined, isApplied: false },
    },
    {
      hooks: { a: ['PostSync', 0, 'due'] },
      told: { objects: ['o'], hooks: [], waits: 'PostSync', isApplied: false },
    },
  ];
  it.each(hookRows)('$hooks', ({ hooks, told }) => {
    const standings = Object.entries(hooks).map(([name, [phase, wave, state]]) => hook(name, { phase, wave }, state));
    const turn = nextTurn([planned('o', { write: true })], { isSyncing: true, hooks: standings });
    expect({
      objects: turn.objects.map(({ desired }) => desired.key.name),
      hooks: turn.hooks.map(({ hook: { key } }) => key.name),
      waits: turn.waits?.what,
      isApplied: turn.isApplied,
    }).toEqual(told);
  });

  it('what comes after a sync waits until all of it is well, and is all that is left then', () => {
    const after = [hook('after', { phase: 'PostSync', wave: 0 }, 'due')];
    const turns = (['Progressing', 'Healthy'] as const).map((health) => {
      const { hooks, waits, isApplied } = nextTurn([planned('o', { health })], { isSyncing: true, hooks: after });
      return [hooks.length, waits?.on, isApplied];
    });
    expect(turns).toEqual([
      [0, 'ConfigMap apps/o', true],
      [1, undefined, true],
    ]);
  });
});

describe('whose turn it is', () => {
  it.each(rows)('$what', ({ objects, due, waits, between }) => {
    const all = Object.entries(objects).map(([name, given]) => planned(name, given));
    const names = (some: readonly PlannedObject[]) => some.map(({ desired }) => desired.key.name).join(',');
    const turn = nextTurn(all, { isSyncing: true, hooks: [] });
    const told = turn.waits && `${turn.waits.what} on ${turn.waits.on.split('/').at(-1)}: ${turn.waits.why}`;
    expect([names(turn.objects), told, names(nextTurn(all, { isSyncing: false, hooks: [] }).objects)]).toEqual([
      due,
      waits,
      between,
    ]);
  });
});
