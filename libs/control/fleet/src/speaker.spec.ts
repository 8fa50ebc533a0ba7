import { describe, expect, it } from 'vitest';
import { noFence } from '@flotilla/model';
import type { HelloHeard } from './liveness.port.ts';
import { judgeSpeaker, tellSpeakers, type KnownSpeaker, type Said, type SpeakerVerdict } from './speaker.ts';

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
    const hello = (cluster: string, instance: string, at: number): HelloHeard => ({
      cluster,
      at,
      instance,
      leaseTransitions: 1,
      protocol: 1,
      fence: noFence,
      setDigest: '',
      statusDigest: '',
      facts: { kubernetesVersion: 'v1', agentVersion: '0' },
    });
    const heard = [hello('c1', 'a', 1), hello('c1', 'b', 2), hello('c1', 'a', 3), hello('c2', 'a', 1)];
    expect(tellSpeakers(heard, new Map([['c1', { leaseTransitions: 0, since: 0 }]]))).toEqual({
      spoken: [heard[2]],
      intruders: [{ cluster: 'c1', instance: 'b', code: 'IdentityDoubled', at: 2 }],
    });
  });
});
