import { array, assert, boolean, constantFrom, property, record, subarray, tuple, type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthStatuses, type RollbackRequest } from '@flotilla/model';
import type { TargetFacts } from '../facts.ts';
import { clusterFacts, freezeFacts } from '../testing/delivery-facts.ts';
import { digestOfRelease, entryOfRelease, historyOf, minute, pinAt, run } from '../testing/rollback-facts.ts';
import { movesOf, resolveRollback, type RollbackPlace } from './resolve-rollback.ts';
import type { ApplicationHistory } from './rollback-facts.ts';

const everything = { application: 'checkout' };

function resolve(
  history: ApplicationHistory,
  to = 'previous-good',
  selection: RollbackRequest['selection'] = everything,
  atOnce = false,
) {
  return resolveRollback({ applications: [history] }, { selection, to, atOnce });
}

/** A place in few words. */
const told = ({ to, problem, waves, held, excluded }: RollbackPlace) => ({
  to: to?.release.uid ?? problem?.code,
  waves: waves.map(({ moves }) => moves.map(({ target }) => target.uid).join(' ')),
  ...(held.length > 0 && { held: held.map(({ target }) => target.uid) }),
  ...(excluded.length > 0 && { excluded: excluded.map(({ target, reason }) => `${target.uid}: ${reason.code}`) }),
});
const only = (history: ApplicationHistory, to?: string, selection?: RollbackRequest['selection']) =>
  resolve(history, to, selection).places.map(told)[0];

/** All of these clusters ran `r1` and `r2` well before `r3`. */
const wellBefore = (clusters: number) =>
  Array.from({ length: clusters }, (_, index) => [run(`t${index + 1}`, 1, 0), run(`t${index + 1}`, 2, 10)]).flat();

describe('previous-good is the newest release before the one that runs that was well on most of its targets', () => {
  it.each([
    ['was well everywhere', wellBefore(3), 'r2'],
    [
      'was not well on most of them',
      [...wellBefore(3), run('t1', 2, 20, 'Degraded'), run('t2', 2, 20, 'Degraded')],
      'r1',
    ],
    ['was not well on some', [...wellBefore(3), run('t1', 2, 20, 'Degraded')], 'r2'],
    ['was well on half of them only', [run('t1', 2, 5), run('t2', 2, 5, 'Degraded'), run('t1', 1, 0)], 'r1'],
    ['never ran here', [run('t1', 1, 0)], 'r1'],
    ['left nothing that is known', [], 'NothingGood'],
  ])('the one before %s', (_what, runs, expected) => {
    expect(only(historyOf({ clusters: 3, runs }))?.to).toBe(expected);
  });

  it('what finished here counts where the history of its targets ends', () => {
    expect(only(historyOf({ clusters: 2, target: (one) => ({ ...one, lastGood: 'r1' }) }))?.to).toBe('r1');
  });

  it('a release that is the same by its digest is no way back, nor is one in quarantine', () => {
    const history = historyOf({ runs: wellBefore(1) });
    const releases = history.delivery.releases.map((release) =>
      release.uid === 'r2' ? { ...release, digests: { dev: digestOfRelease(3) } } : release,
    );
    const repeated = { ...history, delivery: { ...history.delivery, releases } };
    const quarantine = [{ digest: digestOfRelease(2), by: 'user:ann', reason: 'bad' }];
    const refused = { ...history, delivery: { ...history.delivery, quarantine } };
    expect([only(repeated)?.to, only(refused)?.to]).toEqual(['r1', 'r1']);
  });

  it('half way into an environment it is counted from the newest, and who did not get it is held where he is', () => {
    const target = (one: TargetFacts) => (one.uid === 't1' ? one : { ...one, entry: entryOfRelease(2, one.uid) });
    expect(only(historyOf({ clusters: 3, runs: wellBefore(3), target }))).toEqual({
      to: 'r2',
      waves: ['t1'],
      held: ['t2', 't3'],
    });
  });
});

describe('a person may go back to', () => {
  const runs = [run('t1', 1, 0), run('t1', 2, 10, 'Degraded'), run('t1', 3, 20)];
  const ended = runs.map((one, index) => ({ ...one, ...(runs[index + 1] && { until: runs[index + 1]!.at }) }));
  it.each([
    ['a commit, by how it begins', '1111111', 'r1', []],
    ['nothing that one cannot read', 'r1', 'GoalUnread', []],
    ['what was never well here, and is told so', '2222222', 'r2', ['NotGood']],
    ['no commit that is not known', 'abcdef0', 'ReleaseUnknown', []],
    ['what ran at a time', minute(5).toISOString(), 'r1', []],
    ['nothing that was not well then', minute(15).toISOString(), 'NotGood', []],
    ['nothing from before all that is kept', minute(-5).toISOString(), 'ReleaseUnknown', []],
  ])('%s', (_what, to, expected, warnings) => {
    const [place] = resolve(historyOf({ runs: ended }), to).places;
    expect([told(place!).to, place!.warnings.map(({ code }) => code)]).toEqual([expected, warnings]);
  });

  it('nothing that is in quarantine', () => {
    const quarantine = [{ digest: digestOfRelease(1), by: 'user:ann', reason: 'bad' }];
    expect(only(historyOf({ runs, delivery: { quarantine } }), '1111111')?.to).toBe('Quarantined');
  });
});

describe('an order is for', () => {
  const history = historyOf({ clusters: 3, runs: wellBefore(3) });
  it.each([
    ['an environment', { environment: 'dev' }, ['t1 t2 t3']],
    ['another environment, in which nothing runs', { environment: 'production' }, undefined],
    ['one cluster', { cluster: 'c2' }, ['t2']],
    ['labels of clusters', { selector: 'dev=true' }, ['t1 t2 t3']],
    ['whatever runs a source digest', { digest: digestOfRelease(3) }, ['t1 t2 t3']],
    ['whatever runs another one', { digest: digestOfRelease(2) }, undefined],
    ['whatever runs a release', { release: 'r3' }, ['t1 t2 t3']],
    ['labels that no cluster has', { selector: 'region=eu' }, undefined],
    ['the fleet', { fleet: true as const }, ['t1 t2 t3']],
  ])('%s', (_what, selection, expected) => {
    const waves = only(history, 'previous-good', selection)?.waves;
    expect(waves && [waves.join(' ')]).toEqual(expected);
  });

  it('and says how much of the fleet it touches, and what is not undone by it', () => {
    const now = { t1: { irreversible: ['CustomResourceDefinition things.example.org'] } };
    const { blast, places } = resolve(historyOf({ clusters: 3, runs: wellBefore(2), now }));
    const fetching = movesOf(places[0]!).filter(({ fetches }) => fetches);
    expect([blast, places[0]!.warnings.map(({ code }) => code), fetching.map(({ target }) => target.uid)]).toEqual([
      { applications: 1, environments: 1, clusters: 3, targets: 3 },
      ['KeepsData'],
      ['t3'],
    ]);
  });

  it('what ever ran is looked through a few times, and not once for each that goes back', () => {
    const clusters = 100;
    let looks = 0;
    const runs = wellBefore(clusters).map((each) => ({
      ...each,
      get target() {
        looks++;
        return each.target;
      },
    }));
    const [place] = resolve(historyOf({ clusters, runs })).places;
    expect([movesOf(place!).length, looks < runs.length * 10]).toEqual([clusters, true]);
  });

  it('a frozen target is passed by, unless the glass is broken for what it goes back to, or the freeze is over', () => {
    const since = minute(0).toISOString();
    const about = (label: string) => ({ clusters: { matchLabels: { [label]: 'true' } } });
    const freezes = [
      freezeFacts('sale', about('frozen')),
      freezeFacts('over', { ...about('thawed'), until: minute(-1).toISOString() }),
    ];
    const clusters = [
      clusterFacts('c1', 'dev', 'frozen'),
      clusterFacts('c2', 'dev', 'frozen'),
      clusterFacts('c3', 'dev', 'thawed'),
    ];
    const glass = {
      by: 'user:ann',
      reason: 'incident 42',
      since,
      expires: minute(60).toISOString(),
    };
    const brokenFor = (release: number) => (one: TargetFacts) => {
      const breakGlass = { ...glass, sourceDigest: digestOfRelease(release) };
      return one.uid === 't2' ? { ...one, entry: entryOfRelease(3, 't2', { breakGlass }) } : one;
    };
    const way = (release: number) =>
      only(
        historyOf({ clusters: 3, runs: wellBefore(3), target: brokenFor(release), delivery: { clusters, freezes } }),
      );
    expect([way(2), way(3)]).toEqual([
      { to: 'r2', waves: ['t2', 't3'], excluded: ['t1: Frozen'] },
      { to: 'r2', waves: ['t3'], excluded: ['t1: Frozen', 't2: Frozen'] },
    ]);
  });

  it('AT-38: where the order breaks the glass a frozen target goes back, each freeze is told, and a suspension stands', () => {
    const suspended = { by: 'user:ann', reason: 'looking', since: 'now' };
    const target = (one: TargetFacts) =>
      one.uid === 't1' ? { ...one, entry: entryOfRelease(3, 't1', { suspended }) } : one;
    const frozen = historyOf({
      clusters: 3,
      runs: wellBefore(3),
      target,
      delivery: { freezes: [freezeFacts('sale'), freezeFacts('audit')] },
    });
    const asked = { selection: everything, to: 'previous-good' };
    const [passing] = resolveRollback({ applications: [frozen] }, { ...asked, breakGlass: '1h' }).places;
    expect([only(frozen), told(passing!), passing!.warnings]).toEqual([
      { to: 'r2', waves: [], excluded: ['t1: Frozen', 't2: Frozen', 't3: Frozen'] },
      { to: 'r2', waves: ['t2', 't3'], excluded: ['t1: Suspended'] },
      ['audit', 'sale'].map((name) => ({
        code: 'PassesFreeze',
        message: `freeze ${name} by user:ann: incident 42`,
      })),
    ]);
  });

  it('AT-38: where it breaks the glass, it rests on the freezes that were seen', () => {
    const standingOf = (breakGlass: string | undefined, ...names: string[]) => {
      const frozen = historyOf({ runs: wellBefore(1), delivery: { freezes: names.map((name) => freezeFacts(name)) } });
      return resolveRollback({ applications: [frozen] }, { selection: everything, to: 'previous-good', breakGlass })
        .standing;
    };
    const seen = standingOf('1h', 'sale');
    expect(
      [standingOf('2h', 'sale'), standingOf('1h', 'sale', 'fire'), standingOf(undefined, 'sale')].map(
        (each) => each === seen,
      ),
    ).toEqual([true, false, false]);
  });

  it('a suspended target is passed by, whoever suspended it', () => {
    const suspended = { by: 'user:ann', reason: 'looking', since: 'now' };
    const target = (one: TargetFacts) =>
      one.uid === 't1' ? { ...one, entry: entryOfRelease(3, 't1', { suspended }) } : one;
    const now = { t2: { suspended: 'suspended by kubectl: mine' } };
    expect(only(historyOf({ clusters: 3, runs: wellBefore(3), target, now }))).toEqual({
      to: 'r2',
      waves: ['t3'],
      excluded: ['t1: Suspended', 't2: Suspended'],
    });
  });
});

describe('what an order rests on', () => {
  const history = historyOf({ runs: wellBefore(1) });
  const { standing } = resolve(history);
  it.each([
    ['health that changed meanwhile', historyOf({ runs: wellBefore(1), now: { t1: { health: 'Degraded' } } }), true],
    ['another rollback', historyOf({ runs: wellBefore(1), target: (one) => ({ ...one, pin: pinAt(1) }) }), false],
    ['another release that entered', historyOf({ runs: wellBefore(1), releases: 4 }), false],
  ])('%s', (_what, then, isSame) => {
    expect(resolve(then).standing === standing).toBe(isSame);
  });
});

const healths = constantFrom(...healthStatuses);
const fleets = array(
  record({
    now: healths,
    before: tuple(healths, healths),
    suspended: boolean(),
    isThere: boolean(),
    ran: boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);
type Fleet = typeof fleets extends Arbitrary<infer Value> ? Value : never;

const runsOf = (fleet: Fleet) =>
  fleet.flatMap(({ before, ran }, index) =>
    ran ? [1, 2].map((number) => run(`t${index + 1}`, number, number * 4, before[number - 1])) : [],
  );

function fleetHistory(fleet: Fleet, quarantined: readonly number[]): ApplicationHistory {
  const suspended = { by: 'user:ann', reason: 'looking', since: 'now' };
  const entryOf = (uid: string) => {
    const { isThere, suspended: isStopped } = fleet[Number(uid.slice(1)) - 1]!;
    return entryOfRelease(isThere ? 2 : 3, uid, isStopped ? { suspended } : {});
  };
  return historyOf({
    clusters: fleet.length,
    runs: runsOf(fleet),
    now: Object.fromEntries(fleet.map(({ now: health }, index) => [`t${index + 1}`, { health }])),
    target: (one) => ({ ...one, entry: entryOf(one.uid) }),
    delivery: { quarantine: quarantined.map((number) => ({ digest: digestOfRelease(number), by: 'x', reason: 'y' })) },
  });
}

describe('however a fleet is,', () => {
  const goals = constantFrom('previous-good', minute(5).toISOString());

  it('no order goes to what was not well on most targets, nor to what is in quarantine', () => {
    const holds = property(fleets, goals, subarray([1, 2]), (fleet, to, quarantined) => {
      const [place] = resolve(fleetHistory(fleet, quarantined), to).places;
      if (!place!.to) return;
      const ran = runsOf(fleet).filter(({ release }) => release === place!.to!.release.uid);
      const good = ran.filter(({ health }) => health === 'Healthy');
      const refused = quarantined.map((number) => digestOfRelease(number));
      expect([good.length * 2 > ran.length, refused.includes(place!.to.content.sourceDigest)]).toEqual([true, false]);
    });
    assert(holds);
  });

  it('each selected target is in exactly one wave, held, or passed by because it is suspended', () => {
    const holds = property(fleets, (fleet) => {
      const [place] = resolve(fleetHistory(fleet, []), '1111111').places;
      const uids = (targets: readonly { target: { uid: string } }[]) => targets.map(({ target }) => target.uid);
      const named = (isMeant: (index: number) => boolean) =>
        fleet.flatMap((_, index) => (isMeant(index) ? [`t${index + 1}`] : [])).toSorted();
      expect([[...uids(movesOf(place!)), ...uids(place!.held)].toSorted(), uids(place!.excluded).toSorted()]).toEqual([
        named((index) => !fleet[index]!.suspended),
        named((index) => fleet[index]!.suspended),
      ]);
    });
    assert(holds);
  });

  it('those that are not well go first and all at once, the others a quarter at a time', () => {
    const holds = property(fleets, (fleet) => {
      const well = new Set(fleet.flatMap(({ now }, index) => (now === 'Healthy' ? [`t${index + 1}`] : [])));
      const [place] = resolve(fleetHistory(fleet, []), '1111111').places;
      const waves = place!.waves.map(({ moves }) => moves.map(({ target }) => well.has(target.uid)));
      const [first = [], ...others] = waves[0]?.includes(false) ? waves : [[], ...waves];
      const quarter = Math.ceil(others.flat().length / 4);
      expect([
        first.includes(true),
        others.flat().includes(false),
        others.some((wave) => wave.length > quarter),
      ]).toEqual([false, false, false]);
    });
    assert(holds);
  });
});
