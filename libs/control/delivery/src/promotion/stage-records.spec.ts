import { array, assert, boolean, constantFrom, property } from 'fast-check';
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
const namedBy = (walked: PromotionWalk) =>
  walked.last!.promotion!.records.map(({ cause, revision, by }) => [cause, revision, by].filter(Boolean).join(' '));
const planned = (walked: PromotionWalk) =>
  walked.last!.promotion!.records.map(({ revision, digest }) => [revision, digest]);

/** A first release runs in production; and a second one after it, on its way there. */
const running = () => walk().commit('one', trees('a')).finish('dev').recorded('production');
const later = () => running().finish('production').commit('two', trees('b')).finish('dev').recorded('production');

const inForce = { uid: 'h', environment: 'production', who: 'ann', reason: 'incident 42' };

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
          cause: 'promotion',
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
    walked.holds = [{ ...inForce, at: walked.now }];
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

describe('Git names what a stage that pins runs', () => {
  it('also after something newer was to enter and was held back, whether or not it was written meanwhile', () => {
    const walked = running().finish('production').commit('two', trees('b')).finish('dev');
    const before = namedBy(walked);
    walked.holds = [{ ...inForce, at: walked.now }];
    const holding = namedBy(walked.plan().plan());
    const again = namedBy(walked.recorded('production'));
    walked.holds = [];
    expect({ before, holding, again, over: namedBy(walked.plan()) }).toEqual({
      before: ['promotion two'],
      holding: [],
      again: [],
      over: ['promotion two'],
    });
    walked.holds = [{ ...inForce, at: walked.now }];
    expect(namedBy(walked.plan())).toEqual(['standing one']);
  });

  it('where it keeps records only since something ran there', () => {
    const walked = new PromotionWalk([
      { environment: 'dev' },
      { environment: 'production', following: after(['dev']) },
    ]).commit('one', trees('a'));
    walked.finish('dev').finish('production');
    const keeping = walk();
    Object.assign(keeping, { releases: walked.releases, past: walked.past });
    expect([namedBy(walked), namedBy(keeping.commit('one', trees('a')))]).toEqual([[], ['standing one']]);
  });

  it('after it was taken back as a whole, and what entered once that is over', () => {
    const walked = later().finish('production');
    const back = namedBy(walked.hold('production', 'one'));
    const once = namedBy(walked.recorded('production'));
    expect([back, once, namedBy(walked.letGo())]).toEqual([['rollback one ann'], [], ['standing two']]);
  });

  it('and says why where that cannot be written', () => {
    const walked = later().finish('production').hold('production', 'one');
    const told = () => walked.last!.promotion!.standings.map(({ unsaid }) => unsaid);
    walked.recorded('production', { state: 'Failing', reason: 'the branch is protected' });
    const failing = told();
    expect([failing, (walked.recorded('production'), told())]).toEqual([
      [
        {
          gate: 'record',
          blockedBy: `it cannot be written to ${record.path} on main of releases: the branch is protected`,
          since: '2026-01-01T00:00:00.000Z',
          whoCanAct: 'whoever may change repository releases',
        },
      ],
      [undefined],
    ]);
  });

  it('and not what was taken back on some of its clusters only', () => {
    expect(namedBy(later().finish('production').hold('production', 'one', false))).toEqual([]);
  });

  it('until something newer enters, which is in Git before', () => {
    const walked = later().finish('production').hold('production', 'one').recorded('production');
    walked.commit('three', trees('c')).finish('dev');
    const before = [namedBy(walked), walked.runs('production')];
    expect([before, walked.recorded('production').runs('production')]).toEqual([[['promotion three'], 'two'], 'three']);
  });
});

describe('however a pipeline that pins goes on,', () => {
  const all = ['commit', 'finish', 'recorded', 'fails', 'degrade', 'recover', 'pass', 'hold', 'back', 'lift'] as const;
  const steps = array(constantFrom(...all), { maxLength: 25 });

  it('nothing enters that Git did not say before, and of one stage there is one record at most', () => {
    const holds = property(steps, boolean(), (taken, startsEmpty) => {
      const walked = startsEmpty ? walk() : later().finish('production');
      const said = new Set<string | undefined>([undefined, walked.releases[0]?.digests['production']]);
      for (const [index, step] of taken.entries()) {
        if (step === 'commit') walked.commit(`r${index}`, trees(`t${index % 4}`));
        if (step === 'finish') walked.finish('dev').finish('production');
        if (step === 'recorded') walked.recorded('production');
        if (step === 'fails') walked.recorded('production', { state: 'Failing', reason: 'no' });
        if (step === 'degrade') walked.degrade('dev');
        if (step === 'recover') walked.recover('dev');
        if (step === 'pass') walked.pass(5);
        if (step === 'hold') walked.holds = [{ ...inForce, at: walked.now }];
        const [last] = walked.past.filter(({ environment }) => environment === 'production').slice(1);
        const earlier = walked.releases.find(({ uid }) => uid === last?.release)?.revision;
        if (step === 'back' && earlier) walked.hold('production', earlier);
        if (step === 'lift') walked.holds = [];
        if (step === 'lift') walked.letGo();
        walked.plan();
        for (const { state, digest } of walked.records) if (state === 'Written') said.add(digest);
        const runs = walked.releases.find(({ revision }) => revision === walked.runs('production'));
        expect([said.has(runs?.digests['production']), walked.records.length <= 1]).toEqual([true, true]);
      }
      // Once nobody may enter any more, Git comes to say what whoever joins would get.
      walked.holds = [{ ...inForce, at: walked.now }];
      walked.plan().recorded('production').recorded('production');
      const entered = walked.releases.find(({ revision }) => revision === walked.runs('production'));
      const digest = entered?.digests['production'];
      const isRefused = walked.quarantine.some((refused) => refused.digest === digest);
      const held = walked.heldAt('production');
      const wanted = isRefused && !walked.quarantine.some((refused) => refused.digest === held) ? held : digest;
      expect(walked.records.map((each) => [each.state, each.digest])).toEqual(wanted ? [['Written', wanted]] : []);
    });
    assert(holds);
  });
});
