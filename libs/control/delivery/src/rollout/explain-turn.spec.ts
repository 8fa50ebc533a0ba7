import { expect, it } from 'vitest';
import { explainTurn, type HeldTurn } from './explain-turn.ts';

const turn: HeldTurn = {
  application: 'checkout',
  environment: 'production',
  revision: '2'.repeat(40),
  state: 'Running',
  wave: 'rest',
  skipped: false,
  isTaken: false,
  isBack: false,
};
const blocked = { code: 'WaveSoaking', message: '2 of wave canary have to stay well for longer' };

const looking = 'whoever mends what holds it up; see: flotilla explain rollout checkout.production';
const nextLook = new Date(60_000);

it.each<[string, Partial<HeldTurn>, object]>([
  ['its turn has not come', {}, { blockedBy: 'its turn has not come', whoCanAct: looking }],
  [
    'another wave soaks',
    { blocked, since: new Date(0), nextLook },
    {
      blockedBy: `WaveSoaking: ${blocked.message}`,
      since: '1970-01-01T00:00:00.000Z',
      whoCanAct: looking,
      nextTry: '1970-01-01T00:01:00.000Z',
    },
  ],
  [
    'it is paused',
    { state: 'Paused', blocked, nextLook },
    {
      blockedBy: 'a person paused the rollout',
      whoCanAct: 'whoever may run: flotilla rollout resume checkout.production',
    },
  ],
  [
    'it is halted',
    { state: 'Halted', blocked, nextLook },
    {
      blockedBy: `the rollout is halted: WaveSoaking: ${blocked.message}`,
      whoCanAct: 'whoever may run: flotilla rollout retry checkout.production (or resume, abort)',
    },
  ],
  [
    'it was passed by',
    { skipped: true, blocked, nextLook },
    {
      blockedBy: 'a person passed it by in this rollout',
      whoCanAct: 'nobody in this rollout: it takes the next one',
    },
  ],
  [
    'it is halted for the others, whom it let go first',
    { state: 'Halted', isTaken: true, blocked },
    {
      state: 'took 22222222, in wave rest',
      blockedBy: `the rollout is halted: WaveSoaking: ${blocked.message}`,
      whoCanAct: 'whoever may run: flotilla rollout retry checkout.production (or resume, abort)',
    },
  ],
  [
    'it goes back',
    { isBack: true },
    {
      state: 'waits to go back to 22222222, in wave rest',
      blockedBy: 'its turn has not come',
      whoCanAct: looking,
    },
  ],
])('explains a target whose turn waits: %s', (_what, over, expected) => {
  expect(explainTurn({ ...turn, ...over })).toEqual({ state: 'waits for 22222222, in wave rest', ...expected });
});
