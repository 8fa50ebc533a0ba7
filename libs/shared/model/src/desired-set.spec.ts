import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  desiredEntrySchema,
  intentOf,
  mergeEntries,
  runIntent,
  setChangeSchema,
  targetIntents,
  type DesiredEntry,
  type SetChange,
  type TargetIntent,
  unknownWordOf,
} from './desired-set.ts';
import { entryDigest, setDigest } from './node/digests.ts';

/** A cluster's set as the record of the control plane keeps it: each entry with the generation of its last change. */
interface Recorded {
  readonly entries: ReadonlyMap<string, DesiredEntry>;
  /** Tombstones: the generation in which a target left. */
  readonly gone: ReadonlyMap<string, number>;
}

const targets = ['a', 'b', 'c', 'd'];
const step = fc.record({ target: fc.constantFrom(...targets), change: fc.constantFrom('run', 'sync', 'gone') });

describe('merging changes of a set', () => {
  it('ends in the same set, from whatever was held and through whatever came, late, twice or not at all', () => {
    const run = fc.record({
      steps: fc.array(step, { minLength: 1, maxLength: 12 }),
      /** For each message that arrives: the generation that it starts from, as a share of what could be. */
      starts: fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(run, ({ steps, starts }) => {
        const history = recordedHistory(steps);
        let held: readonly DesiredEntry[] = [];
        let at = 0;
        for (const share of [...starts, 100]) {
          // A change starts from what is held, or from earlier, and leads to some later generation.
          const to = Math.max(at, Math.round((share / 100) * (history.length - 1)));
          const from = Math.floor((at * share) / 100);
          held = mergeEntries(held, changeBetween(history, { from, to }));
          at = to;
          expect(digestOfEntries(held)).toBe(digestOfEntries([...history.at(to)!.entries.values()]));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('replaces everything when it carries the whole set, and removes only what it names otherwise', () => {
    const [a, b, c] = [entry('a', 1), entry('b', 1), entry('c', 1)];
    const change = { cluster: 'c1', epoch: 1, generation: 2, entries: [c], gone: ['b'], setDigest: '' };
    expect(mergeEntries([a, b], { ...change, previous: 1 })).toEqual([a, c]);
    expect(mergeEntries([a, b], { ...change, previous: 0 })).toEqual([c]);
  });
});

describe('an entry', () => {
  const good = { ...entry('t1', 3), release: 'r1' };

  it('keeps what a newer control plane says and this version does not know', () => {
    const newer = { ...good, later: 1, source: { ...good.source, sparse: true }, sync: { ...good.sync, hooks: ['x'] } };
    expect(desiredEntrySchema.parse(newer)).toEqual(newer);
  });

  it.each([
    ['no intent', { intent: undefined }],
    ['a namespace that is no name', { namespace: 'Shop' }],
    ['a namespace that is too long', { namespace: 'a'.repeat(64) }],
    ['a revision that is a branch', { source: { ...good.source, revision: 'main' } }],
    ['a credential that is a path', { source: { ...good.source, credential: '../other' } }],
    ['a target that is a subject', { target: 'a.>' }],
    ['a generation that is a text', { generation: '3' }],
  ])('is refused with %s', (_, wrong) =>
    expect(desiredEntrySchema.safeParse({ ...good, ...wrong }).success).toBe(false),
  );

  it.each([
    ['an intent', { intent: 'hibernate' }, 'hibernate'],
    ['a drift mode', { sync: { ...good.sync, drift: 'maybe' } }, 'maybe'],
    ['something to understand', { intent: 'run-if-understood', needs: ['render', 'tides'] }, 'tides'],
    ['the mode of a drift rule', { sync: { ...good.sync, driftRules: [{ kind: 'Job', mode: 'maybe' }] } }, 'maybe'],
    ['a cascade', { sync: { ...good.sync, cascade: 'sideways' } }, 'sideways'],
    ['a tool', { sync: { ...good.sync, takeOverFrom: ['flux', 'fleet'] } }, 'fleet'],
    ['nothing', {}, undefined],
    ['nothing, and what has to be understood', { intent: 'run-if-understood', needs: ['render'] }, undefined],
  ])('AT-41 keeps %s that is not known here as it came, and names it', (_, newer, word) => {
    const read = desiredEntrySchema.parse({ ...good, ...newer });
    expect([read, unknownWordOf(read)]).toEqual([{ ...good, ...newer }, word]);
  });

  it('AT-41 is run by nobody who does not understand what it needs, and by everybody who needs nothing', () => {
    const asFirstAgents = ({ intent }: Pick<DesiredEntry, 'intent'>) => targetIntents.includes(intent as TargetIntent);
    const needing = { ...good, ...runIntent(['render']) };
    expect([needing, { ...good, ...runIntent([]) }].map((each) => [asFirstAgents(each), intentOf(each)])).toEqual([
      [false, 'run'],
      [true, 'run'],
    ]);
  });

  it('is refused in a change whose digest is not one', () => {
    const change = { cluster: 'c1', epoch: 1, generation: 1, previous: 0, entries: [good], setDigest: 'a'.repeat(64) };
    expect(setChangeSchema.parse(change).gone).toEqual([]);
    expect(setChangeSchema.safeParse({ ...change, setDigest: 'short' }).success).toBe(false);
    expect(setChangeSchema.safeParse({ ...change, generation: 0 }).success).toBe(false);
  });
});

function entry(target: string, generation: number): DesiredEntry {
  return {
    target,
    project: 'shop',
    application: 'checkout',
    environment: 'dev',
    generation,
    intent: 'run',
    release: `r${generation}`,
    sourceDigest: 'd1',
    namespace: 'shop',
    source: { url: 'https://git.example.org/shop.git', revision: '0'.repeat(40), path: 'app', also: [] },
    sync: { prune: true, drift: 'correct', adopt: false, createNamespace: true },
  };
}

/** The record after each generation; generation 0 is empty. */
function recordedHistory(steps: readonly { target: string; change: string }[]): Recorded[] {
  const history: Recorded[] = [{ entries: new Map(), gone: new Map() }];
  for (const [index, { target, change }] of steps.entries()) {
    const { entries, gone } = history.at(-1)!;
    const next = { entries: new Map(entries), gone: new Map(gone) };
    if (change === 'gone') {
      next.entries.delete(target);
      next.gone.set(target, index + 1);
    } else {
      next.entries.set(target, entry(target, index + 1));
      // A target that left comes back under another uid; here the tombstone simply ends.
      next.gone.delete(target);
    }
    history.push(next);
  }
  return history;
}

function changeBetween(history: readonly Recorded[], { from, to }: { from: number; to: number }): SetChange {
  const { entries, gone } = history.at(to)!;
  return {
    cluster: 'c1',
    epoch: 1,
    generation: to,
    previous: from,
    entries: [...entries.values()].filter(({ generation }) => generation > from),
    gone: [...gone].filter(([, generation]) => generation > from).map(([target]) => target),
    setDigest: digestOfEntries([...entries.values()]),
  };
}

function digestOfEntries(entries: readonly DesiredEntry[]): string {
  return setDigest(entries.map(entryDigest));
}
