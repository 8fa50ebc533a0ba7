import { array, assert, boolean, constantFrom, integer, option, property, record, subarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import type { DesiredEntry } from '@flotilla/model';
import type { DeliveryFacts, TargetFacts } from '../facts.ts';
import { planDelivery } from '../plan/plan-delivery.ts';
import { digestOfRelease, entryOfRelease, historyOf, pinAt } from '../testing/rollback-facts.ts';

const releases = [1, 2, 3, 4] as const;
const numbers = constantFrom(...releases);
const place = record({
  runs: numbers,
  pinned: option(numbers, { nil: undefined }),
  rollout: constantFrom('roll-1', 'roll-2'),
  turn: constantFrom(undefined, 'waits', 'taken'),
  /** A cluster that has joined and runs nothing yet. */
  isNew: boolean(),
});
const fleets = record({
  places: array(place, { minLength: 1, maxLength: 6 }),
  current: integer({ min: 2, max: 4 }),
  quarantined: subarray([...releases]),
});
type Fleet = typeof fleets extends { generate: (...parts: never[]) => { value: infer Value } } ? Value : never;

/** One target before a plan, and what it is ordered to run after it. */
interface Planned {
  readonly before: TargetFacts;
  readonly after: Omit<DesiredEntry, 'generation'>;
  readonly isAgreed: boolean;
}

const digestsOf = (each: readonly number[]) => new Set(each.map((number) => digestOfRelease(number)));

function factsOf({ places, current, quarantined }: Fleet): DeliveryFacts {
  const { delivery } = historyOf({ clusters: places.length, releases: current });
  const targets = delivery.targets.flatMap((target, index): TargetFacts[] => {
    const { runs, pinned, rollout, turn, isNew } = places[index]!;
    if (isNew) return [];
    const runsIt = { ...target, entry: entryOfRelease(runs, target.uid) };
    return [pinned === undefined ? runsIt : { ...runsIt, pin: pinAt(pinned, { rollout }), turn }];
  });
  return {
    ...delivery,
    // Nothing newer is in Git than what entered last.
    stages: delivery.stages.map(({ head: _, ...stage }) => stage),
    targets,
    quarantine: [...digestsOf(quarantined)].map((digest) => ({ digest, by: 'x', reason: 'y' })),
  };
}

function planned(facts: DeliveryFacts): Planned[] {
  const plan = planDelivery(facts, countingIds());
  return facts.targets.map((before) => ({
    before,
    after: plan.changes.find(({ uid }) => uid === before.uid)?.entry ?? before.entry,
    isAgreed: plan.agreed.some(({ target }) => target === before.uid),
  }));
}

/** Rollouts in which somebody waits for a turn to go back. */
function underWay({ targets }: DeliveryFacts): ReadonlySet<string> {
  return new Set(targets.flatMap(({ pin, turn }) => (pin && turn === 'waits' ? [pin.rollout] : [])));
}

describe('however targets are held,', () => {
  it('a plan ends exactly those pins that Git agrees with, and none while somebody waits to go back by them', () => {
    const holds = property(fleets, (fleet) => {
      const facts = factsOf(fleet);
      const said = digestOfRelease(fleet.current);
      const agrees = ({ pin }: TargetFacts) => pin?.content.sourceDigest === said && !underWay(facts).has(pin.rollout);
      for (const { before, isAgreed } of planned(facts))
        expect([before.uid, isAgreed]).toEqual([before.uid, agrees(before)]);
    });
    assert(holds);
  });

  it('whose turn has come runs what it is held at, and who waits goes nowhere else meanwhile', () => {
    const holds = property(fleets, (fleet) => {
      const refused = digestsOf(fleet.quarantined);
      const held = planned(factsOf(fleet)).filter(({ before: { pin, turn }, isAgreed }) => {
        const mayTake = turn === 'waits' || (pin && !refused.has(pin.content.sourceDigest));
        return pin && !isAgreed && mayTake;
      });
      for (const { before, after } of held) {
        const wanted = before.turn === 'waits' ? before.entry : before.pin!.content;
        expect([before.uid, after.sourceDigest]).toEqual([before.uid, wanted.sourceDigest]);
      }
    });
    assert(holds);
  });

  it('what is in quarantine comes to nobody who does not have it', () => {
    const holds = property(fleets, (fleet) => {
      const refused = digestsOf(fleet.quarantined);
      const facts = factsOf(fleet);
      const given = planDelivery(facts, countingIds()).changes.filter(({ uid, entry }) => {
        const had = facts.targets.find((target) => target.uid === uid)?.entry;
        return had?.sourceDigest !== entry.sourceDigest && refused.has(entry.sourceDigest);
      });
      expect(given).toEqual([]);
    });
    assert(holds);
  });

  it('nothing is pruned, and no hook runs, where somebody is held', () => {
    const holds = property(fleets, (fleet) => {
      const held = planned(factsOf(fleet)).filter(({ after }) => after.pin);
      expect(held.filter(({ after }) => after.sync.prune || after.pin?.runHooks)).toEqual([]);
    });
    assert(holds);
  });
});
