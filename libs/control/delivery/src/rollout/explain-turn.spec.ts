import { expect, it } from 'vitest';
import { explainTurn, type HeldTurn } from './explain-turn.ts';

const turn: HeldTurn = {
  application: 'checkout',
  environment: 'production',
  revision: '2'.repeat(40),
  state: 'Running',
  wave: 'rest',
  skipped: false,
};
const blocked = { code: 'WaveSoaking', message: '2 of wave canary have to stay well for longer' };

it.each<[string, Partial<HeldTurn>, object]>([
  ['its turn has not come', {}, { blockedBy: 'its turn has not come' }],
  [
    'another wave soaks',
    { blocked, since: new Date(0) },
    { blockedBy: `WaveSoaking: ${blocked.message}`, since: '1970-01-01T00:00:00.000Z' },
  ],
  ['it is paused', { state: 'Paused', blocked }, { blockedBy: 'a person paused the rollout' }],
  [
    'it is halted',
    { state: 'Halted', blocked },
    { blockedBy: `the rollout is halted: WaveSoaking: ${blocked.message}` },
  ],
  ['it was passed by', { skipped: true, blocked }, { blockedBy: 'a person passed it by in this rollout' }],
])('explains a target whose turn waits: %s', (_what, over, expected) => {
  expect(explainTurn({ ...turn, ...over })).toEqual({
    state: 'waits for 22222222, in wave rest',
    whoCanAct: 'whoever may run: flotilla rollout status checkout.production',
    ...expected,
  });
});
