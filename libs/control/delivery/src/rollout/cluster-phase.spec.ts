import { describe, expect, it } from 'vitest';
import { deadlineNotes, phased } from './cluster-phase.ts';
import type { ClusterEvidence } from './rollout-course.ts';

const now = 10_000_000;
const deadlineMs = 60_000;
const admittedAt = now - 600_000;
const crashes = { code: 'Degraded', message: 'it crashes', since: now - 30_000 };

/** What a look makes of one cluster, long after its first deadline: its phase, and what is noted of it. */
function looked(over: Partial<ClusterEvidence>, heldUp: readonly string[] = []): string {
  const each = phased({ cluster: 'c', admittedAt, ...over }, { minSuccessMs: 10_000, deadlineMs }, now);
  const notes = deadlineNotes([each], { heldUp, deadlineMs, now });
  return [each.phase, ...Object.entries(notes).flatMap(([note, clusters]) => (clusters.length > 0 ? [note] : []))].join(
    ' ',
  );
}

describe('the deadline of a cluster', () => {
  it.each<[string, Partial<ClusterEvidence>, string]>([
    ['is over where it never was well', {}, 'Failed'],
    ['is met by who is well', { healthySince: now - 5_000 }, 'Soaking well'],
    ['is met, and that is noted once', { healthySince: now - 20_000, wasWell: true }, 'Done'],
    ['begins anew for who met it and is not well', { wasWell: true }, 'UnderWay anew unsettled'],
    ['begins anew for who met it and fails', { wasWell: true, failed: crashes }, 'Failing anew unsettled'],
    ['is over where it began anew and passed', { renewed: true, backSince: now - 61_000 }, 'Failed'],
    [
      'is not met by what comes and goes: who was given another is well for as long as one first',
      { renewed: true, backSince: now - 61_000, healthySince: now - 59_000 },
      'Done',
    ],
    [
      'is met once more by who was well for as long as that',
      { renewed: true, backSince: now - 90_000, healthySince: now - 60_000 },
      'Done well',
    ],
    ['does not run while it has yet to say new settings', { unreported: true }, 'UnderWay'],
    ['is not given up by that', { unreported: true, wasWell: true }, 'UnderWay'],
  ])('%s', (_, over, expected) => {
    expect(looked(over)).toBe(expected);
  });

  it('begins anew for whoever is held up', () => {
    expect(looked({ withheld: true }, ['c'])).toBe('UnderWay anew');
  });
});
