import { describe, expect, it } from 'vitest';
import type { Gate } from '@flotilla/model';
import { after, PromotionWalk } from '../testing/promotion-walk.ts';

const everywhere = (tree: string) => ({ dev: tree, staging: tree, production: tree });
const [dev, auto] = [{ environment: 'dev' }, after(['dev'])];

/** dev, then staging by itself, then production by a person. */
const walk = (gates: readonly Gate[] = []) =>
  new PromotionWalk([
    dev,
    { environment: 'staging', following: auto },
    { environment: 'production', following: after(['staging'], { promote: 'manual', gates }) },
  ]);
const short = (...gates: readonly Gate[]) =>
  new PromotionWalk([dev, { environment: 'staging', following: after(['dev'], { gates }) }]);

describe('a release in a pipeline', () => {
  it('goes on when it finished in the stage before, and not earlier', () => {
    const pipeline = walk().commit('c1', everywhere('t1'));
    const seen = [pipeline.told('staging'), pipeline.finish('dev').told('staging'), pipeline.told('production')];
    expect(seen).toEqual([
      ['c1 Waits; health: c1 is on its way in dev'],
      ['c1 Enters'],
      ['c1 Waits; health: c1 is on its way in staging; promote: nobody has promoted it'],
    ]);
    expect(pipeline.last?.rollouts.map(({ environment, cause }) => [environment, cause])).toEqual([
      ['staging', 'promotion'],
    ]);
  });

  it('waits for a person where one has to say so, and an order waits for the gates', () => {
    const pipeline = walk([{ soak: '30m' }])
      .commit('c1', everywhere('t1'))
      .finish('dev');
    pipeline.order('production', 'c1').finish('staging').pass(29);
    expect(pipeline.told('production')).toEqual(['c1 Waits; soak 30m: it has to be well in staging for 30m']);
    expect([pipeline.last?.nextLookMs, pipeline.pass(1).runs('production'), pipeline.orders]).toEqual([
      60_000,
      'c1',
      [],
    ]);
  });

  it('is passed over by the newest one that may go, and stays visible until then', () => {
    const pipeline = walk().commit('c1', everywhere('t1')).finish('dev').finish('staging');
    pipeline.commit('c2', everywhere('t2')).finish('dev').finish('staging');
    expect(pipeline.told('production')).toEqual([
      'c2 Waits; promote: nobody has promoted it',
      'c1 Waits; promote: nobody has promoted it',
    ]);
    pipeline.order('production', 'c2');
    expect([pipeline.told('production'), pipeline.runs('production')]).toEqual([
      ['c2 Enters', 'c1 Superseded; promote: nobody has promoted it'],
      'c2',
    ]);
    expect(pipeline.finish('production').told('production')).toEqual([]);
  });

  it('can never go on when it was replaced before it had arrived', () => {
    const pipeline = walk().commit('c1', everywhere('t1')).commit('c2', everywhere('t2')).finish('dev');
    expect(pipeline.told('staging')).toEqual([
      'c2 Enters',
      'c1 Skipped; health: it was replaced in dev before it had arrived',
    ]);
  });

  it('can never go on when a stage before went on to something newer', () => {
    const byHand = { environment: 'staging', following: after(['dev'], { promote: 'manual' }) };
    const pipeline = new PromotionWalk([dev, byHand, { environment: 'production', following: after(['staging']) }]);
    pipeline.commit('c1', everywhere('t1')).finish('dev').commit('c2', everywhere('t2')).finish('dev');
    pipeline.order('staging', 'c2');
    expect(pipeline.told('production')).toEqual([
      'c2 Waits; health: c2 is on its way in staging',
      'c1 Skipped; health: it was passed over: staging went on to c2',
    ]);
  });

  it('enters a later stage under its gates when nothing but inputs of that stage changed', () => {
    const pipeline = walk().commit('c1', everywhere('t1')).finish('dev').finish('staging').order('production', 'c1');
    pipeline.finish('production').commit('c2', { production: 'p2' });
    expect([pipeline.told('staging'), pipeline.told('production')]).toEqual([
      [],
      ['c2 Waits; promote: nobody has promoted it'],
    ]);
    const [candidate] = pipeline.last!.promotion!.standings[1]!.candidates;
    expect(candidate!.untried).toEqual([{ path: 'services/checkout/production', tree: 'p2' }]);
    expect(pipeline.order('production', 'c2').runs('production')).toBe('c2');
  });

  it('waits for what it builds on: another change of the stage before is not its own', () => {
    const pipeline = walk().commit('c1', everywhere('t1')).finish('dev');
    pipeline.commit('c2', { staging: 's2' });
    expect(pipeline.told('staging')).toEqual(['c2 Waits; rollout: the rollout before it is under way in staging']);
    expect(pipeline.finish('staging').runs('staging')).toBe('c2');
  });

  it('does not wait for a rollout that is not well, nor where a person says so', () => {
    const pipeline = walk().commit('c1', everywhere('t1')).finish('dev').commit('c2', everywhere('t2')).finish('dev');
    expect(pipeline.told('staging')).toEqual(['c2 Waits; rollout: the rollout before it is under way in staging']);
    expect(pipeline.degrade('staging').runs('staging')).toBe('c2');
    const ordered = walk().commit('c1', everywhere('t1')).finish('dev').commit('c2', everywhere('t2')).finish('dev');
    expect(ordered.order('staging', 'c2', 'ann', true).runs('staging')).toBe('c2');
  });

  it('does not go on where it is over and nobody was well with it', () => {
    const pipeline = walk().commit('c1', everywhere('t1')).finish('dev');
    Object.assign(pipeline.past[0]!, { forNobody: true });
    expect(pipeline.plan().finish('staging').told('production')).toEqual([
      'c1 Skipped; health: it was well on nobody in staging',
    ]);
  });

  it('does not go where what it brings is in quarantine, not even by an order', () => {
    const pipeline = walk().commit('c1', everywhere('t1')).refuse('staging', 'c1').finish('dev').order('staging', 'c1');
    expect([pipeline.told('staging'), pipeline.runs('staging')]).toEqual([
      ['c1 Waits; promote: what it brings staging is in quarantine (ann: incident 42)'],
      undefined,
    ]);
  });

  it('has to finish in both of two stages', () => {
    const pipeline = new PromotionWalk([
      dev,
      { environment: 'eu', following: auto },
      { environment: 'us', following: auto },
      { environment: 'all', following: after(['eu', 'us']) },
    ]);
    pipeline.commit('c1', { dev: 't1', eu: 't1', us: 't1', all: 't1' }).finish('dev').finish('eu');
    expect(pipeline.told('all')).toEqual(['c1 Waits; health: c1 is on its way in us']);
    expect(pipeline.finish('us').runs('all')).toBe('c1');
  });
});

describe('a soak', () => {
  const soaking = () => short({ soak: '30m' }).commit('c1', everywhere('t1')).finish('dev');

  it('counts from the end of the rollout, and begins again after a target was Degraded', () => {
    const pipeline = soaking().pass(20).degrade('dev');
    expect(pipeline.told('staging')).toEqual([
      'c1 Waits; health: it is Degraded in dev; soak 30m: it has not been well in dev yet',
    ]);
    expect([pipeline.pass(30).runs('staging'), pipeline.recover('dev').pass(29).runs('staging')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(pipeline.pass(1).runs('staging')).toBe('c1');
  });

  it('that was not over when the next release came is not made up for', () => {
    const pipeline = soaking().pass(10).commit('c2', everywhere('t2')).pass(60);
    expect(pipeline.told('staging')).toEqual([
      'c2 Waits; health: c2 is on its way in dev; soak 30m: it has not been well in dev yet',
      'c1 Skipped; soak 30m: it was well in dev for 10m of 30m when the next one came',
    ]);
  });

  it('that was over counts although the next release came', () => {
    const pipeline = walk([{ soak: '30m' }])
      .commit('c1', everywhere('t1'))
      .finish('dev')
      .finish('staging')
      .pass(30);
    pipeline.commit('c2', everywhere('t2')).finish('dev').finish('staging');
    expect(pipeline.order('production', 'c1').runs('production')).toBe('c1');
  });
});

describe('an approval', () => {
  const approval = (over: object) => ({ approval: { count: 1, ...over } });
  const waiting = (gate: Gate) => {
    const pipeline = short(gate);
    pipeline.groups['leads'] = ['bob', 'eve'];
    return pipeline.commit('c1', everywhere('t1')).finish('dev');
  };
  const entered = (pipeline: PromotionWalk) => pipeline.runs('staging') === 'c1';

  it('of so many people who may lets a release in', () => {
    const pipeline = waiting(approval({ group: 'leads', count: 2 }))
      .approve('staging', 'bob')
      .approve('staging', 'bob');
    expect(pipeline.told('staging')).toEqual(['c1 Waits; approval of group leads: 1 of 2 approvals (bob)']);
    expect([entered(pipeline.approve('staging', 'carl')), entered(pipeline.approve('staging', 'eve'))]).toEqual([
      false,
      true,
    ]);
  });

  it('is nothing from whoever wrote the commit, by name or address', () => {
    for (const author of [{ name: 'Bob' }, { name: 'B.', email: 'bob@example.org' }]) {
      const pipeline = waiting(approval({ users: ['bob', 'eve'] }));
      pipeline.authors = { c1: author };
      expect([entered(pipeline.approve('staging', 'bob')), entered(pipeline.approve('staging', 'eve'))]).toEqual([
        false,
        true,
      ]);
    }
  });

  it('is for exactly what would enter, and for a time', () => {
    const pipeline = waiting(approval({ users: ['bob'] }))
      .commit('c2', everywhere('t2'))
      .finish('dev');
    pipeline.approve('staging', 'bob', { revision: 'c1' });
    expect(pipeline.told('staging')).toEqual(['c2 Waits; approval of bob: 0 of 1 approvals', 'c1 Enters']);
    const late = short(approval({ users: ['bob'] })).commit('c1', everywhere('t1'));
    late.approve('staging', 'bob', { minutes: 10 }).pass(10).finish('dev');
    expect(entered(late)).toBe(false);
  });
});

describe('other gates', () => {
  it('a window lets in what comes while it is open', () => {
    const pipeline = short({ window: { allow: '0 8 * * *', duration: '1h' } })
      .commit('c1', everywhere('t1'))
      .finish('dev');
    expect([pipeline.told('staging'), pipeline.last?.nextLookMs]).toEqual([
      ['c1 Waits; window: 0 8 * * * for 1h (UTC): the window is closed'],
      8 * 3_600_000,
    ]);
    expect(pipeline.pass(8 * 60).runs('staging')).toBe('c1');
  });

  it('a dependency has to have arrived and to be well', () => {
    const pipeline = short({ dependency: { application: 'accounts', environment: 'staging' } });
    pipeline.commit('c1', everywhere('t1')).finish('dev');
    const told = [true, false].map((degraded) => {
      const before = pipeline.told('staging');
      pipeline.neighbours = [{ application: 'accounts', environment: 'staging', arrived: true, degraded }];
      pipeline.pass(1);
      return before;
    });
    expect([told, pipeline.runs('staging')]).toEqual([
      [
        ['c1 Waits; accounts in staging: accounts has never arrived in staging'],
        ['c1 Waits; accounts in staging: accounts is Degraded in staging'],
      ],
      'c1',
    ]);
  });
});

describe('after a step back', () => {
  const stepped = () => {
    const pipeline = walk().commit('c1', everywhere('t1')).finish('dev').finish('staging');
    pipeline.commit('c2', everywhere('t2')).finish('dev').finish('staging');
    return pipeline.takeBack('staging', pipeline.releases.at(-1)!.uid);
  };

  it('what was taken back goes nowhere by itself, neither here nor further', () => {
    const pipeline = stepped();
    expect([pipeline.told('staging'), pipeline.told('production')]).toEqual([
      ['c2 Skipped; promote: staging was taken back from c2'],
      ['c2 Skipped; health: it was taken back in staging', 'c1 Waits; promote: nobody has promoted it'],
    ]);
  });

  it('something newer does, and so does what a person orders', () => {
    expect(stepped().commit('c3', everywhere('t3')).finish('dev').runs('staging')).toBe('c3');
    expect(stepped().order('staging', 'c2').runs('staging')).toBe('c2');
  });
});

it('an order ends when something newer took the place', () => {
  const pipeline = walk().commit('c1', everywhere('t1')).finish('dev').finish('staging');
  pipeline.commit('c2', everywhere('t2')).finish('dev').finish('staging');
  pipeline.order('production', 'c2').order('production', 'c1', 'bob');
  expect(pipeline.last?.promotion?.ended.map(({ order, outcome }) => [order.who, outcome])).toEqual([
    ['bob', 'Superseded'],
  ]);
  expect(pipeline.runs('production')).toBe('c2');
});
