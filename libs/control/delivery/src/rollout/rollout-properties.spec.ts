import { array, assert, constantFrom, integer, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RolloutState } from '@flotilla/model';
import { advanceRollout } from './advance-rollout.ts';
import { phased, type PhasedCluster } from './cluster-phase.ts';
import type { ClusterEvidence, RolloutAdvance, RolloutCourse } from './rollout-course.ts';

const minSuccessMs = 2_000;
const clusters = Array.from({ length: 9 }, (_, index) => `c${index}`);

/** What becomes of one cluster between two looks, and what people do in between. */
const fates = constantFrom(
  ...(['nothing', 'well', 'well', 'fails', 'recovers', 'goes', 'comes', 'is frozen', 'is skipped', 'is gone'] as const),
);
const people = constantFrom<'nothing' | RolloutState>('nothing', 'nothing', 'nothing', 'Running', 'Paused');
/** The waves whose gates let nobody in meanwhile. */
const shut = array(integer({ min: 0, max: 4 }), { maxLength: 3 });
const round = record({
  shut,
  passes: integer({ min: 0, max: 4_000 }),
  fates: array(fates, { minLength: 9, maxLength: 9 }),
  people,
});
const life = record({
  sizes: array(integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }),
  atOnce: option(integer({ min: 1, max: 4 }), { nil: undefined }),
  waveAtOnce: option(integer({ min: 1, max: 3 }), { nil: undefined }),
  failuresMax: option(integer({ min: 0, max: 3 }), { nil: undefined }),
  waveFailuresMax: option(integer({ min: 0, max: 2 }), { nil: undefined }),
  deadlineMs: option(integer({ min: 1, max: 6_000 }), { nil: undefined }),
  offline: constantFrom('skipAndCatchUp', 'wait', 'passBy'),
  rounds: array(round, { minLength: 1, maxLength: 30 }),
});
type Life = typeof life extends { generate: (...parts: never[]) => { value: infer Value } } ? Value : never;

function courseOf({
  sizes,
  atOnce,
  waveAtOnce,
  failuresMax,
  waveFailuresMax,
  deadlineMs,
  offline,
}: Life): RolloutCourse {
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
  const waves = [...sizes, clusters.length].map((size, index) => ({
    name: `wave-${index}`,
    clusters: clusters.slice(
      starts[index] ?? starts.at(-1)! + sizes.at(-1)!,
      (starts[index] ?? clusters.length) + size,
    ),
    minSuccessMs,
    // What every other wave has to pass.
    ...(index % 2 === 1 && { gates: [{ approval: { users: ['eve'], count: 1 } }] }),
    ...(waveAtOnce !== undefined && { atOnce: waveAtOnce }),
    ...(waveFailuresMax !== undefined && { failuresMax: waveFailuresMax }),
  }));
  return {
    state: 'Running',
    offline,
    waves,
    ...(atOnce !== undefined && { atOnce }),
    ...(failuresMax !== undefined && { failuresMax }),
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
}

function lived(seen: ClusterEvidence, fate: string, now: number): ClusterEvidence | undefined {
  const { healthySince: _well, failed: _failed, awaySince: _away, ...rest } = seen;
  const heard = seen.awaySince === undefined;
  switch (fate) {
    case 'well':
      return seen.admittedAt !== undefined && heard ? { ...rest, healthySince: seen.healthySince ?? now } : seen;
    case 'fails':
      return seen.admittedAt !== undefined && heard ? { ...rest, failed: { code: 'Degraded', message: '' } } : seen;
    case 'recovers':
      return seen.failed && heard ? rest : seen;
    case 'goes':
      return { ...seen, awaySince: seen.awaySince ?? now };
    case 'comes':
      return heard ? seen : { ...seen, awaySince: undefined as never, frozen: false, backSince: now };
    case 'is frozen':
      return seen.healthySince === undefined ? { ...seen, awaySince: seen.awaySince ?? now, frozen: true } : seen;
    case 'is skipped':
      return now % 7 === 0 ? { ...seen, skipped: true } : seen;
    case 'is gone':
      return now % 11 === 0 ? undefined : seen;
    default:
      return seen;
  }
}

function verdictsOf({ waves }: RolloutCourse, closed: readonly number[]): NonNullable<RolloutCourse['verdicts']> {
  const waits = [{ gate: 'approval of eve', blockedBy: '0 of 1 approvals' }];
  return new Map(waves.map(({ name }, index) => [name, { waits: closed.includes(index) ? waits : [], passed: [] }]));
}

/** One look: what was known, and what was decided. */
interface Look {
  readonly course: RolloutCourse;
  readonly seen: readonly ClusterEvidence[];
  readonly now: number;
  readonly advance: RolloutAdvance;
}

/** Plays a life, look by look, as the store does: what is admitted is admitted from then on. */
function play(drawn: Life): Look[] {
  let [course, now] = [courseOf(drawn), 1_000];
  let seen: readonly ClusterEvidence[] = clusters.map((cluster) => ({ cluster }));
  return drawn.rounds.map((each) => {
    now += each.passes;
    seen = seen.flatMap((one) => lived(one, each.fates[clusters.indexOf(one.cluster)]!, now) ?? []);
    const isOpen = course.state === 'Running' || course.state === 'Paused' || course.state === 'Halted';
    if (isOpen && each.people !== 'nothing') course = { ...course, state: each.people };
    course = { ...course, verdicts: verdictsOf(course, each.shut) };
    const look = { course, seen, now, advance: advanceRollout(course, seen, now) };
    seen = seen.map((one) => (look.advance.admit.includes(one.cluster) ? { ...one, admittedAt: now } : one));
    course = { ...course, state: look.advance.state };
    return look;
  });
}

function membersOf({ course, seen, now }: Look): PhasedCluster[][] {
  return course.waves.map(({ clusters: members }) =>
    seen
      .filter(({ cluster }) => members.includes(cluster))
      .map((each) => phased(each, { minSuccessMs, deadlineMs: course.deadlineMs }, now)),
  );
}

const isUnderWay = ({ phase }: PhasedCluster) => phase === 'UnderWay' || phase === 'Soaking' || phase === 'Failing';
const isFailure = ({ phase }: PhasedCluster) => phase === 'Failing' || phase === 'Failed';

/** What every look has to hold, each by itself. */
const promises: Readonly<Record<string, (look: Look) => boolean>> = {
  'never more under way than may be, by admission': (look) => {
    const { admit } = look.advance;
    const waves = membersOf(look);
    const count = (members: PhasedCluster[]) =>
      members.filter((each) => isUnderWay(each) || admit.includes(each.cluster)).length;
    const isWithin = (members: PhasedCluster[], most = Infinity) =>
      !members.some(({ cluster }) => admit.includes(cluster)) || count(members) <= most;
    return (
      isWithin(waves.flat(), look.course.atOnce) &&
      waves.every((wave, index) => isWithin(wave, look.course.waves[index]!.atOnce))
    );
  },
  'never a later wave before the earlier one is well': (look) => {
    const waves = membersOf(look);
    const last = waves.findLastIndex((wave) => wave.some(({ cluster }) => look.advance.admit.includes(cluster)));
    const isWell = (wave: PhasedCluster[]) => {
      const isAsked = ({ phase }: PhasedCluster) =>
        phase !== 'Skipped' && (look.course.offline !== 'passBy' || phase !== 'Away');
      const counted = wave.filter(isAsked);
      const holds = counted.some(({ phase }) => phase === 'Waiting' || phase === 'UnderWay' || phase === 'Soaking');
      return !holds && (counted.length === 0 || counted.some(({ phase }) => phase === 'Done'));
    };
    return waves.slice(0, Math.max(0, last)).every(isWell);
  },
  'nobody of a wave before its gates let the release in': (look) =>
    membersOf(look).every((members, index) => {
      const { name, gates } = look.course.waves[index]!;
      const isShut = gates !== undefined && look.course.verdicts!.get(name)!.waits.length > 0;
      const isBegun = members.some(({ admittedAt }) => admittedAt !== undefined);
      return !isShut || isBegun || !members.some(({ cluster }) => look.advance.admit.includes(cluster));
    }),
  'nobody after a budget is spent': (look) => {
    const waves = membersOf(look);
    const { failuresMax = Infinity } = look.course;
    const isSpent =
      waves.flat().filter(isFailure).length > failuresMax ||
      waves.some((wave, index) => wave.filter(isFailure).length > (look.course.waves[index]!.failuresMax ?? Infinity));
    return !isSpent || look.advance.admit.length === 0;
  },
  'nobody unless it runs': ({ course, advance }) => course.state === 'Running' || advance.admit.length === 0,
  'nobody twice, nobody who is away or skipped': ({ seen, advance }) =>
    advance.admit.every((cluster) => {
      const one = seen.find((each) => each.cluster === cluster);
      return one && one.admittedAt === undefined && one.awaySince === undefined && !one.skipped;
    }) && new Set(advance.admit).size === advance.admit.length,
  'finished only when nothing can change by itself': (look) =>
    look.course.state === 'Finished' ||
    look.advance.state !== 'Finished' ||
    membersOf(look)
      .flat()
      .every(({ phase }) => phase === 'Done' || phase === 'Skipped' || phase === 'Away' || phase === 'Failed'),
  'not finished while a freeze keeps all of a wave from its turn': (look) => {
    const isPutOff = (wave: PhasedCluster[]) =>
      wave.some(({ phase, frozen }) => phase === 'Away' && frozen) && !wave.some(({ phase }) => phase === 'Done');
    const ends = look.course.state !== 'Finished' && look.advance.state === 'Finished';
    return !ends || !membersOf(look).some(isPutOff);
  },
  'somebody is admitted, or it is said why not and when to look again': (look) => {
    const { admit, state, blocked, wave } = look.advance;
    return state !== 'Running' || admit.length > 0 || blocked !== undefined || wave === look.course.waves.length;
  },
  'what is over stays over': ({ course, advance }) =>
    course.state !== 'Finished' || (advance.state === 'Finished' && advance.admit.length === 0),
  'what it is to be looked at again for lies ahead': ({ now, advance }) => (advance.nextLook ?? Infinity) > now,
};

describe('whatever becomes of its clusters, a rollout', () => {
  it.each(Object.entries(promises))('%s', (_promise, holds) => {
    const check = property(life, (drawn) => play(drawn).every(holds));
    expect(() => assert(check, { numRuns: 400 })).not.toThrow();
  });

  it('comes to its end when everything becomes well', () => {
    const check = property(life, (drawn) => {
      const rounds = Array.from({ length: 40 }, () => ({
        passes: 3_000,
        fates: clusters.map(() => 'well' as const),
        people: 'nothing' as const,
        shut: [],
      }));
      return play({ ...drawn, deadlineMs: undefined, rounds }).at(-1)!.advance.state === 'Finished';
    });
    expect(() => assert(check, { numRuns: 200 })).not.toThrow();
  });
});
