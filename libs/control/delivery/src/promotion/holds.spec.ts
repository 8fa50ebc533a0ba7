import { describe, expect, it } from 'vitest';
import { after, PromotionWalk } from '../testing/promotion-walk.ts';
import { decideHold, decideUnhold } from './decide-hold.ts';
import type { HoldFacts } from './promotion-facts.ts';

const minuteMs = 60_000;
const everywhere = (tree: string) => ({ dev: tree, staging: tree, production: tree });
const place = { project: 'default', application: 'checkout' };

/** dev, then staging, then production, each by itself. */
const walk = () =>
  new PromotionWalk([
    { environment: 'dev' },
    { environment: 'staging', following: after(['dev']) },
    { environment: 'production', following: after(['staging']) },
  ]);

/** ann holds a stage, or what a commit brings it, for so many minutes. */
function hold(walked: PromotionWalk, environment: string, over: { revision?: string; minutes?: number } = {}): void {
  const { revision, minutes } = over;
  const release = walked.releases.find((each) => each.revision === revision);
  const held: HoldFacts = {
    uid: `${environment}-${revision ?? 'all'}`,
    environment,
    who: 'ann',
    reason: 'incident 42',
    at: walked.now,
    ...(release && { release: release.uid, revision: release.revision, digest: release.digests[environment]! }),
    ...(minutes !== undefined && { expiresAt: new Date(walked.now.getTime() + minutes * minuteMs) }),
  };
  walked.holds = [...walked.holds, held];
  walked.plan();
}

const standingOf = (walked: PromotionWalk, environment: string) =>
  walked.last!.promotion!.standings.find((standing) => standing.environment === environment)!;

describe('a stage that is held', () => {
  it('lets nothing in, says by whom, since when and until when, and lets in what waited when that is over', () => {
    const walked = walk().commit('one', everywhere('a'));
    hold(walked, 'staging', { minutes: 30 });
    walked.finish('dev');
    const { holds, candidates } = standingOf(walked, 'staging');
    const lookMs = walked.last!.nextLookMs;
    walked.pass(30);
    expect({ holds, waits: candidates[0]!.waits, lookMs, runs: walked.runs('staging') }).toEqual({
      holds: [
        { who: 'ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z', until: '2026-01-01T00:30:00.000Z' },
      ],
      waits: [
        {
          gate: 'hold',
          blockedBy: 'ann holds staging: incident 42',
          since: '2026-01-01T00:00:00.000Z',
          whoCanAct: 'whoever may run: flotilla unhold checkout.staging --reason WHY',
          nextTry: '2026-01-01T00:30:00.000Z',
        },
      ],
      lookMs: 30 * minuteMs,
      runs: 'one',
    });
    expect([standingOf(walked, 'staging').holds, walked.last!.promotion!.lapsed.length]).toEqual([undefined, 1]);
  });

  it('lets nothing go on that is in it', () => {
    const walked = walk().commit('one', everywhere('a')).finish('dev');
    hold(walked, 'staging');
    walked.finish('staging');
    const held = [walked.runs('production'), walked.told('production')];
    walked.holds = [];
    walked.plan();
    expect([held, walked.runs('production')]).toEqual([
      [undefined, ['one Waits; hold: ann holds staging: incident 42']],
      'one',
    ]);
  });

  it('holds back what a person orders, also in place of something else; the order stands', () => {
    const walked = walk().commit('one', everywhere('a')).finish('dev');
    hold(walked, 'production');
    walked.finish('staging').order('production', 'one', 'bob', true);
    expect([walked.runs('production'), walked.orders.length]).toEqual([undefined, 1]);
  });

  it('is none any more when nothing comes after others there, and its hold goes', () => {
    const walked = new PromotionWalk([{ environment: 'dev' }]).commit('one', everywhere('a'));
    hold(walked, 'staging');
    expect(walked.last!.promotion!.lapsed.map(({ uid }) => uid)).toEqual(['staging-all']);
  });
});

describe('a release that is held in a stage', () => {
  it('does not enter, and what comes after it does', () => {
    const walked = walk().commit('one', everywhere('a'));
    hold(walked, 'staging', { revision: 'one' });
    walked.finish('dev');
    const held = walked.told('staging');
    walked.commit('two', everywhere('b')).finish('dev');
    expect([held, walked.runs('staging')]).toEqual([['one Waits; hold: ann holds it in staging: incident 42'], 'two']);
  });

  it('is held by its inputs: whatever brings the same there waits as well', () => {
    const walked = walk().commit('one', everywhere('a'));
    hold(walked, 'staging', { revision: 'one' });
    walked.commit('two', { dev: 'b' }).finish('dev');
    expect([walked.runs('staging'), walked.told('staging').length]).toEqual([undefined, 2]);
  });

  it('goes no further from a stage that it is in', () => {
    const walked = walk().commit('one', everywhere('a')).finish('dev');
    hold(walked, 'staging', { revision: 'one' });
    walked.finish('staging');
    expect([walked.runs('staging'), walked.runs('production')]).toEqual(['one', undefined]);
  });
});

describe('a person', () => {
  const staging = { ...place, environment: 'staging', reason: 'incident 42' };
  const held = () => {
    const walked = walk().commit('one', everywhere('a'));
    hold(walked, 'staging', { minutes: 30 });
    hold(walked, 'staging', { revision: 'one' });
    return walked;
  };

  it('holds what nobody holds, for as long as they say', () => {
    const walked = walk().commit('one', everywhere('a'));
    const decided = decideHold(walked.facts(), { ...staging, release: 'one', forMs: minuteMs });
    expect([decided.release?.revision, decided.digest, decided.expiresAt]).toEqual([
      'one',
      walked.releases[0]!.digests['staging'],
      new Date('2026-01-01T00:01:00.000Z'),
    ]);
  });

  it.each<[string, object, string]>([
    ['what somebody holds', {}, 'HoldStands'],
    ['a release that somebody holds', { release: 'one' }, 'HoldStands'],
    ['a release that nobody knows', { release: 'two' }, 'ReleaseUnknown'],
    ['a stage that tracks Git', { environment: 'dev' }, 'StageTracks'],
    ['a stage that is none', { environment: 'nowhere' }, 'StageMissing'],
  ])('does not hold %s', (_, over, reason) => {
    const facts = held().facts();
    expect(() => decideHold(facts, { ...staging, ...over })).toThrow(expect.objectContaining({ reason }));
  });

  it('holds again what was held and is over', () => {
    const facts = { ...held().facts(), now: new Date('2026-01-01T00:30:00.000Z') };
    expect(decideHold(facts, staging)).toEqual({});
  });

  it.each<[string, object, string[]]>([
    ['everything that is held there', {}, ['staging-all', 'staging-one']],
    ['one release alone', { release: 'one' }, ['staging-one']],
  ])('lets go on %s', (_, over, uids) => {
    expect(decideUnhold(held().facts(), { ...staging, ...over }).map(({ uid }) => uid)).toEqual(uids);
  });

  it.each<[string, object]>([
    ['elsewhere', { environment: 'production' }],
    ['of another release', { release: 'two' }],
  ])('cannot let go on what is not held %s', (_, over) => {
    const facts = held().facts();
    expect(() => decideUnhold(facts, { ...staging, ...over })).toThrow(
      expect.objectContaining({ reason: 'HoldMissing' }),
    );
  });
});
