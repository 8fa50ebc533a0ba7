import { expect, it } from 'vitest';
import type { Gate } from '@flotilla/model';
import { after, PromotionWalk } from '../testing/promotion-walk.ts';

const everywhere = (tree: string) => ({ dev: tree, staging: tree });
const walk = (...gates: readonly Gate[]) =>
  new PromotionWalk([
    { environment: 'dev' },
    { environment: 'staging', following: after(['dev'], { promote: 'auto', gates }) },
  ]);
const inDev = (...gates: readonly Gate[]) => walk(...gates).commit('c1', everywhere('t1'));
/** Both were in staging, and a rollback went back to the first. */
function takenBack(): PromotionWalk {
  const both = inDev().finish('dev').finish('staging').commit('c2', everywhere('t2')).finish('dev').finish('staging');
  return both.takeBack('staging', both.releases.at(-1)!.uid);
}

const mendingIn = (environment: string) =>
  `whoever mends it in ${environment}; see: flotilla explain application checkout`;

it.each<[string, PromotionWalk, object]>([
  [
    'the stage before is on its way',
    inDev({ soak: '30m' }),
    { health: { whoCanAct: mendingIn('dev') }, 'soak 30m': { whoCanAct: mendingIn('dev') } },
  ],
  [
    'it soaks',
    inDev({ soak: '30m' }).finish('dev').pass(10),
    {
      'soak 30m': {
        whoCanAct: 'nobody has to: time alone',
        since: '2026-01-01T00:00:00.000Z',
        nextTry: '2026-01-01T00:30:00.000Z',
      },
    },
  ],
  [
    'a window is closed',
    inDev({ window: { allow: '0 8 * * *', duration: '1h' } }).finish('dev'),
    {
      'window: 0 8 * * * for 1h (UTC)': {
        whoCanAct: 'nobody has to: time alone; or whoever writes the pipeline',
        nextTry: '2026-01-01T08:00:00.000Z',
      },
    },
  ],
  [
    'the rollout before it is under way',
    inDev().finish('dev').commit('c2', everywhere('t2')).finish('dev'),
    {
      rollout: {
        whoCanAct:
          'whoever may run: flotilla promote checkout --to staging --release c2 --instead --reason WHY; see: flotilla explain rollout checkout.staging',
        since: '2026-01-01T00:00:00.000Z',
      },
    },
  ],
  [
    'what it brings is in quarantine',
    walk({ soak: '1m' }).commit('c1', everywhere('t1')).refuse('staging', 'c1').finish('dev').pass(1),
    {
      promote: {
        whoCanAct: expect.stringMatching(
          /^whoever may run: flotilla quarantine lift checkout [0-9a-z-]{1,12} --reason WHY$/,
        ),
      },
    },
  ],
  [
    'the stage was taken back from it',
    takenBack(),
    { promote: { whoCanAct: 'whoever may run: flotilla promote checkout --to staging --release c2 --reason WHY' } },
  ],
])(
  'who waits before a stage is told who can act with which command, and until when: %s',
  (_what, pipeline, expected) => {
    const standing = pipeline.last?.promotion?.standings.find(({ environment }) => environment === 'staging');
    const waits = standing?.candidates[0]?.waits ?? [];
    const told = waits.map(({ gate, blockedBy: _, ...rest }) => [gate, rest] as const);
    expect(Object.fromEntries(told)).toEqual(expected);
  },
);
