import { expect, it } from 'vitest';
import { explainStage } from './explain-stage.ts';
import type { Candidate, CandidateState } from './stage-standing.ts';

const soak = { gate: 'soak 4h', blockedBy: 'well for 1h', since: '2026-01-01T00:00:00.000Z' };
const approval = { gate: 'approval of ann', blockedBy: 'nobody agreed', whoCanAct: 'ann' };
const looking = 'whoever mends what holds it up; see: flotilla describe stage checkout.production';

function candidate(digit: string, state: CandidateState, waits: Candidate['waits']): Candidate {
  return { release: digit, revision: digit.repeat(40), digest: digit, state, waits, passed: [], untried: [] };
}

it.each<[string, readonly Candidate[], readonly object[]]>([
  ['nothing where nothing stands before the stage', [], []],
  ['nothing of what enters', [candidate('3', 'Enters', [])], []],
  [
    'each gate of the newest that waits, and no older one',
    [candidate('3', 'Waits', [soak, approval]), candidate('2', 'Waits', [approval])],
    [
      { state: '33333333 waits before production: soak 4h', whoCanAct: looking },
      { state: '33333333 waits before production: approval of ann', blockedBy: 'nobody agreed', whoCanAct: 'ann' },
    ],
  ],
  [
    'why a newer one never enters, and what waits behind it',
    [
      candidate('4', 'Skipped', [{ gate: 'quarantine', blockedBy: 'refused' }]),
      candidate('3', 'Superseded', [soak]),
      candidate('2', 'Waits', [approval]),
    ],
    [
      { state: '44444444 never enters production: quarantine', blockedBy: 'refused' },
      { state: '22222222 waits before production: approval of ann' },
    ],
  ],
])('tells targets of a stage %s', (_what, candidates, expected) => {
  const standing = { environment: 'production', after: ['staging'], promote: 'manual' as const, candidates };
  const reading = { project: 'default', application: 'checkout', environment: 'production', changedAt: new Date(0) };
  expect(explainStage({ ...reading, standing })).toMatchObject(expected);
});
