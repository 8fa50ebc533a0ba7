import { describe, expect, it } from 'vitest';
import { judgeSpeaker, tellSpeakers, type KnownSpeaker, type Said, type SpeakerVerdict } from './speaker.ts';
import { heardHello } from './testing/heard-hello.ts';

const known: KnownSpeaker = { kubernetesUid: 'k1', instance: 'a', leaseTransitions: 7, since: 100_000 };
const same: Said = { instance: 'a', leaseTransitions: 7, kubernetesUid: 'k1', at: 200_000 };

describe('AT-26: who speaks for a cluster', () => {
  it.each<[string, Partial<KnownSpeaker>, Partial<Said>, SpeakerVerdict]>([
    ['who spoke before', {}, {}, 'speaks'],
    [
      'the first of all',
      { instance: undefined, leaseTransitions: 0 },
      { instance: 'b', leaseTransitions: 1 },
      'speaks',
    ],
    ['whoever took the Lease over', {}, { instance: 'b', leaseTransitions: 8 }, 'speaks'],
    ['the same, whose Lease was made anew', {}, { leaseTransitions: 1_000 }, 'speaks'],
    ['another with the same count', {}, { instance: 'b' }, 'IdentityDoubled'],
    ['its own word from before', {}, { leaseTransitions: 6 }, 'late'],
    ['a predecessor, in the moment of a hand-over', {}, { instance: 'b', leaseTransitions: 6, at: 130_000 }, 'late'],
    ['a predecessor that goes on', {}, { instance: 'b', leaseTransitions: 6, at: 130_001 }, 'IdentityDoubled'],
    ['another Kubernetes cluster', {}, { instance: 'b', kubernetesUid: 'k2' }, 'IdentityElsewhere'],
    ['another one with a higher count', {}, { leaseTransitions: 99, kubernetesUid: 'k2' }, 'IdentityElsewhere'],
    ['an agent too old to say where it is', {}, { kubernetesUid: undefined }, 'speaks'],
    ['a cluster that was enrolled too long ago', { kubernetesUid: undefined }, { kubernetesUid: 'k2' }, 'speaks'],
  ])('%s', (_, change, said, verdict) => {
    expect(judgeSpeaker({ ...known, ...change }, { ...same, ...said })).toBe(verdict);
  });

  it('of two that are heard in one second for the first time, the first; and nobody for a cluster that is not known', () => {
    const heard = [
      heardHello('c1', 1, 'a'),
      heardHello('c1', 2, 'b'),
      heardHello('c1', 3, 'a'),
      heardHello('c2', 1, 'a'),
    ];
    expect(tellSpeakers(heard, new Map([['c1', { leaseTransitions: 0, since: 0 }]]))).toEqual({
      spoken: [heard[2]],
      intruders: [{ cluster: 'c1', instance: 'b', code: 'IdentityDoubled', at: 2 }],
    });
  });
});
