import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import type { Gate } from '@flotilla/model';
import { planDelivery } from '../plan/plan-delivery.ts';
import { after, PromotionWalk } from '../testing/promotion-walk.ts';

const record = { repository: 'releases', branch: 'main', path: '.flotilla/releases/checkout/production.yaml' };
const trees = (tree: string) => ({ dev: tree, production: tree });

/** dev, then production, which writes down what enters it. */
const walk = (gates: readonly Gate[] = [], place = record) =>
  new PromotionWalk([
    { environment: 'dev' },
    { environment: 'production', following: { ...after(['dev'], { gates: [...gates] }), record: place } },
  ]);

const waitsOf = (walked: PromotionWalk) =>
  walked.last!.promotion!.standings.flatMap(({ candidates }) => candidates.flatMap(({ waits }) => waits));
const planned = (walked: PromotionWalk) =>
  walked.last!.promotion!.records.map(({ revision, digest }) => [revision, digest]);

describe('what enters a stage that pins', () => {
  it('is written down first, and enters once Git says so', () => {
    const walked = walk().commit('one', trees('a')).finish('dev');
    const asked = walked.last!.promotion!.records;
    const before = [walked.runs('production'), waitsOf(walked.plan())];
    const entered = walked.recorded('production').runs('production');
    expect({ asked, before, entered }).toEqual({
      asked: [
        {
          uid: expect.any(String),
          environment: 'production',
          release: walked.releases[0]!.uid,
          revision: 'one',
          digest: walked.releases[0]!.digests['production'],
          place: record,
        },
      ],
      before: [
        undefined,
        [
          {
            gate: 'record',
            blockedBy: `it is being written to ${record.path} on main of releases`,
            since: '2026-01-01T00:00:00.000Z',
          },
        ],
      ],
      entered: 'one',
    });
  });

  it('is written down once, however often it is planned, and again where the record is kept elsewhere by now', () => {
    const walked = walk().commit('one', trees('a')).finish('dev');
    const again = planned(walked.plan());
    const moved = walk([], { ...record, branch: 'other' });
    Object.assign(moved, { releases: walked.releases, past: walked.past, records: walked.records });
    moved.commit('one', trees('a'));
    expect([again, planned(moved).length]).toEqual([[], 1]);
  });

  it('is not written down as long as anything else holds it back', () => {
    const walked = walk([{ soak: '1h' }, { approval: { users: ['ann'], count: 1 } }])
      .commit('one', trees('a'))
      .finish('dev');
    const early = [planned(walked), planned(walked.approve('production', 'ann'))];
    const ripe = planned(walked.pass(60));
    expect([early, ripe.map(([revision]) => revision)]).toEqual([[[], []], ['one']]);
  });

  it('says why it cannot be written, who can act and when it is tried again', () => {
    const walked = walk().commit('one', trees('a')).finish('dev');
    const nextTry = new Date('2026-01-01T00:05:00Z');
    walked.recorded('production', { state: 'Failing', reason: 'the branch is protected', nextTry });
    expect([waitsOf(walked), walked.runs('production')]).toEqual([
      [
        {
          gate: 'record',
          blockedBy: `it cannot be written to ${record.path} on main of releases: the branch is protected`,
          since: '2026-01-01T00:00:00.000Z',
          whoCanAct: 'whoever may change repository releases',
          nextTry: nextTry.toISOString(),
        },
      ],
      undefined,
    ]);
  });

  it('is the newest that may enter: what came before it and was not written is not written any more', () => {
    const walked = walk().commit('one', trees('a')).finish('dev').commit('two', trees('b')).finish('dev');
    const asked = walked.records.map(({ digest }) => digest);
    walked.recorded('production');
    expect([asked, walked.runs('production'), walked.records.length]).toEqual([
      [walked.releases[0]!.digests['production']],
      'two',
      1,
    ]);
  });

  it('is not written down any more once something holds it back again, and anew when that is over', () => {
    const walked = walk().commit('one', trees('a')).finish('dev');
    const writing = walked.records.length;
    walked.holds = [{ uid: 'h', environment: 'production', who: 'ann', reason: 'incident 42', at: walked.now }];
    const held = walked.plan().records.length;
    walked.holds = [];
    expect([writing, held, walked.plan().records.length]).toEqual([1, 0, 1]);
  });

  it('is not written down any more once its stage has left the pipeline', () => {
    const walked = walk().commit('one', trees('a')).finish('dev');
    const facts = walked.facts();
    const { promotion } = planDelivery({ ...facts, stages: facts.stages.slice(0, 1) }, countingIds());
    expect(promotion!.withdrawnRecords).toEqual(walked.records.map(({ uid }) => uid));
  });

  it('names who promoted it', () => {
    const walked = new PromotionWalk([
      { environment: 'dev' },
      { environment: 'production', following: { ...after(['dev'], { promote: 'manual' }), record } },
    ]);
    walked.commit('one', trees('a')).finish('dev');
    const unasked = walked.last!.promotion!.records;
    walked.order('production', 'one', 'ann');
    expect([unasked, walked.records.map((each) => (each as { by?: string }).by)]).toEqual([[], ['ann']]);
  });
});

describe('however a pipeline that pins goes on,', () => {
  const steps = array(constantFrom('commit', 'finish', 'recorded', 'fails', 'degrade', 'recover', 'pass'), {
    maxLength: 25,
  });

  it('nothing enters that Git did not say before, and of one stage there is one record at most', () => {
    const holds = property(steps, (taken) => {
      const walked = walk();
      const said = new Set<string | undefined>([undefined]);
      for (const [index, step] of taken.entries()) {
        if (step === 'commit') walked.commit(`r${index}`, trees(`t${index % 4}`));
        if (step === 'finish') walked.finish('dev').finish('production');
        if (step === 'recorded') walked.recorded('production');
        if (step === 'fails') walked.recorded('production', { state: 'Failing', reason: 'no' });
        if (step === 'degrade') walked.degrade('dev');
        if (step === 'recover') walked.recover('dev');
        if (step === 'pass') walked.pass(5);
        for (const { state, digest } of walked.records) if (state === 'Written') said.add(digest);
        const runs = walked.releases.find(({ revision }) => revision === walked.runs('production'));
        expect([said.has(runs?.digests['production']), walked.records.length <= 1]).toEqual([true, true]);
      }
    });
    assert(holds);
  });
});
