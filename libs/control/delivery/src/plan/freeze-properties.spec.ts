import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import type { BreakGlass, DesiredEntry } from '@flotilla/model';
import type { DeliveryFacts, FreezeFacts, TargetFacts } from '../facts.ts';
import { clusterFacts, deliveryFacts, freezeFacts, stageFacts } from '../testing/delivery-facts.ts';
import { planDelivery } from './plan-delivery.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-01-01T00:00:00.000Z');
const event = record({
  what: constantFrom('commit', 'commit', 'freeze', 'freeze for a while', 'lift', 'break the glass', 'pass', 'join'),
  name: constantFrom('sale', 'fire'),
  minutes: integer({ min: 1, max: 30 }),
});
type Happening = Parameters<FrozenFleet['happen']>[0];

/** `checkout` in `dev`, planned again after whatever happens, beside a plain account of who holds what. */
class FrozenFleet {
  readonly wrong: string[] = [];
  frozenPlans = 0;
  brokenPlans = 0;
  readonly #ids = countingIds();
  #now = start;
  #commits = 1;
  #clusters = ['c1'];
  #facts: DeliveryFacts = deliveryFacts();
  readonly #freezes = new Map<string, FreezeFacts>();

  constructor() {
    this.#plan();
  }

  happen({ what, name, minutes }: { what: string; name: string; minutes: number }): void {
    const until = new Date(this.#now + minutes * minuteMs).toISOString();
    if (what === 'commit') this.#commits++;
    if (what === 'freeze') this.#freezes.set(name, freezeFacts(name));
    if (what === 'freeze for a while') this.#freezes.set(name, freezeFacts(name, { until }));
    if (what === 'lift') this.#freezes.delete(name);
    if (what === 'pass') this.#now += minutes * minuteMs;
    if (what === 'join') this.#clusters = ['c1', 'c2'];
    if (what === 'break the glass') this.#break(until);
    this.#plan();
  }

  #plan(): void {
    const before = new Map(this.#facts.targets.map(({ uid, entry }) => [uid, entry]));
    this.#facts = this.#written(this.#read());
    for (const { uid, entry } of this.#facts.targets) this.#judge(before.get(uid), entry);
    if (planDelivery(this.#read(), this.#ids).changes.length > 0) this.wrong.push('it is planned otherwise again');
  }

  #read(): DeliveryFacts {
    const commit = String(this.#commits % 10).repeat(40);
    const [stage] = this.#facts.stages;
    const head = { commit, trees: [`tree-${this.#commits}`] };
    return {
      ...this.#facts,
      now: new Date(this.#now),
      clusters: this.#clusters.map((name) => clusterFacts(name, 'dev')),
      freezes: [...this.#freezes.values()],
      stages: [stageFacts('dev', { head, ...(stage?.current && { current: stage.current }) })],
    };
  }

  #written(facts: DeliveryFacts): DeliveryFacts {
    const { releases, rollouts, changes } = planDelivery(facts, this.#ids);
    const written = changes.map((change): TargetFacts => {
      const { uid, cluster, environment, onRemove, entry } = change;
      return { uid, cluster, environment, onRemove, entry: { ...entry, generation: 1 }, gone: false };
    });
    const kept = facts.targets.filter(({ uid }) => !written.some((each) => each.uid === uid));
    const [entered] = rollouts;
    const current = entered && { rollout: entered.uid, release: entered.release, running: true };
    return {
      ...facts,
      releases: [...releases, ...facts.releases],
      targets: [...kept, ...written],
      stages: facts.stages.map((stage) => (current ? { ...stage, current } : stage)),
    };
  }

  /** Somebody breaks it for what entered last, on every frozen target, as the record does. */
  #break(expires: string): void {
    const [stage] = this.#facts.stages;
    const { digests } = this.#facts.releases.find(({ uid }) => uid === stage?.current?.release)!;
    const glass: BreakGlass = { by: 'user:ann', reason: 'hotfix', since: '', expires, sourceDigest: digests['dev']! };
    const targets = this.#facts.targets.map((target) =>
      target.entry.frozen ? { ...target, entry: { ...target.entry, breakGlass: glass } } : target,
    );
    this.#facts = { ...this.#facts, targets };
  }

  /** The rules, as plainly as they can be said. */
  #judge(before: DesiredEntry | undefined, after: DesiredEntry): void {
    const holds = [...this.#freezes.values()].some(
      ({ spec: { until } }) => until === 'lifted' || Date.parse(until) > this.#now,
    );
    const { breakGlass } = before ?? {};
    const isBroken = breakGlass !== undefined && Date.parse(breakGlass.expires) > this.#now;
    const isNews = before !== undefined && before.sourceDigest !== after.sourceDigest;
    if (holds) this.frozenPlans++;
    if (holds && isNews && isBroken) this.brokenPlans++;
    if (holds && isNews && !(isBroken && breakGlass.sourceDigest === after.sourceDigest))
      this.wrong.push(`${after.target} was given something else under a freeze`);
    if (holds !== (after.frozen !== undefined)) this.wrong.push(`${after.target} does not carry what holds it`);
    const isFree = !after.frozen && !after.breakGlass && !(after.needs ?? []).includes('freeze');
    if (!holds && !isFree) this.wrong.push(`${after.target} keeps what is over`);
    const { revision } = this.#facts.releases[0]!;
    if (!holds && after.source.revision !== revision) this.wrong.push(`${after.target} was not given what came`);
  }
}

it('AT-38: whatever is frozen, lifted, passed and pushed, nothing else is brought under a freeze, and all of it is after', () => {
  let [frozen, broken] = [0, 0];
  assert(
    property(array(event, { minLength: 10, maxLength: 30, size: 'max' }), (events: readonly Happening[]) => {
      const fleet = new FrozenFleet();
      for (const each of events) fleet.happen(each);
      expect(fleet.wrong).toEqual([]);
      frozen += fleet.frozenPlans;
      broken += fleet.brokenPlans;
    }),
    { numRuns: 60, seed: 20_260_103 },
  );
  expect([frozen > 300, broken > 10]).toEqual([true, true]);
});
