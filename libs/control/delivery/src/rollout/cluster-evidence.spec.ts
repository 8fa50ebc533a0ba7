import { describe, expect, it } from 'vitest';
import { clusterEvidence, isHeldBack, type StepFacts, type StepSaid } from './cluster-evidence.ts';

const well: StepSaid = {
  isWanted: true,
  isApplied: true,
  isSuspended: false,
  sync: 'Synced',
  health: 'Healthy',
  reportedAt: 500,
};
const freeze = { code: 'Frozen', message: 'frozen by user:ann' };
const crashes = { code: 'CrashLoopBackOff', message: 'it crashes' };

function evidence(over: Partial<StepFacts>): object {
  const {
    cluster: _,
    admittedAt: __,
    ...rest
  } = clusterEvidence({
    cluster: 'a',
    admittedAt: 100,
    connection: 'Connected',
    isTold: true,
    ...over,
  });
  return rest;
}

describe('what a cluster proves in a rollout', () => {
  it.each<[string, Partial<StepFacts>, object]>([
    ['nothing while a freeze keeps it from being told', { isTold: false }, { withheld: true }],
    [
      'nothing while a freeze keeps it from what it was told',
      { said: { ...well, isApplied: false, sync: 'OutOfSync', reason: freeze } },
      { withheld: true },
    ],
    [
      'nothing by a freeze that held it at what it ran, before it was told something newer',
      { said: { ...well, isWanted: false, isApplied: false, sync: 'OutOfSync', reason: freeze } },
      {},
    ],
    ['nothing, while nothing is said', {}, {}],
    ['well, since we heard of it last', { said: well }, { healthySince: 500 }],
    ['nothing of another generation', { said: { ...well, isWanted: false, health: 'Progressing' } }, {}],
    [
      'that it was well, before settings that it has yet to say',
      { said: { ...well, isWanted: false } },
      { unreported: true },
    ],
    [
      'nothing of settings once a look has seen that',
      { heldAt: 600, said: { ...well, isWanted: false } },
      { backSince: 600, renewed: true },
    ],
    ['that it was seen to be well', { said: well, wellAt: 300 }, { healthySince: 500, wasWell: true }],
    ['not that it was before it was let in once more', { admittedAt: 400, wellAt: 300 }, {}],
    ['nothing before its apply ended', { said: { ...well, isApplied: false } }, {}],
    ['nothing while it is out of step', { said: { ...well, sync: 'OutOfSync' } }, {}],
    [
      'that it is not well, and why',
      { said: { ...well, health: 'Degraded', reason: crashes } },
      { failed: { ...crashes, since: 500 } },
    ],
    [
      'nothing by what the release before left behind',
      { said: { ...well, isApplied: false, health: 'Degraded', reason: crashes } },
      {},
    ],
    [
      'that its sync was ended by a hook',
      { said: { ...well, isApplied: false, health: 'Degraded', reason: { code: 'HookFailed', message: 'no' } } },
      { failed: { code: 'HookFailed', message: 'no', since: 500 } },
    ],
    [
      'that its agent went back from it by itself',
      { said: { ...well, isApplied: false, sync: 'OutOfSync', reason: { code: 'Retreated', message: 'no' } } },
      { failed: { code: 'Retreated', message: 'no', since: 500 } },
    ],
    ['nothing by what is said before it was admitted', { admittedAt: undefined as never, said: well }, {}],
    [
      'away, since it was last heard',
      { connection: 'Lost', lastSeenAt: 300, said: well },
      { awaySince: 300, healthySince: 500 },
    ],
    ['held, by a rollback', { isTold: false, isPinned: true }, { awaySince: 0 }],
    ['held, by a freeze that keeps it from going back', { isFrozen: true }, { awaySince: 0, frozen: true }],
    ['away since ever', { connection: 'Pending' }, { awaySince: 0 }],
    ['nothing while we are deaf', { connection: 'Deaf', lastSeenAt: 300 }, {}],
    ['held, by a person', { said: { ...well, isSuspended: true, sync: 'OutOfSync' } }, { awaySince: 500 }],
    [
      'held, by a window',
      { said: { ...well, isApplied: false, sync: 'OutOfSync', reason: { code: 'Window', message: 'closed' } } },
      { awaySince: 500 },
    ],
    [
      'held, by a pin that a person set in the cluster',
      { said: { ...well, isApplied: false, reason: { code: 'Pinned', message: 'held at 1111111 by kubectl-edit' } } },
      { awaySince: 500 },
    ],
    [
      'that it was well, where it says that it is held at this very release, before it was told something newer',
      { said: { ...well, isWanted: false, reason: { code: 'Pinned', message: 'held at 2222222 by user:ann' } } },
      { unreported: true },
    ],
    ['suspended and well is well', { said: { ...well, isSuspended: true } }, { healthySince: 500 }],
    ['back, since it is neither', { connectedSince: 200, heldAt: 400 }, { backSince: 400, renewed: true }],
  ])('%s', (_what, over, expected) => {
    expect(evidence(over)).toEqual(expected);
  });

  it('says who is held back', () => {
    expect([isHeldBack({}), isHeldBack({ said: { ...well, sync: 'OutOfSync', isSuspended: true } })]).toEqual([
      false,
      true,
    ]);
  });
});
