import { describe, expect, it } from 'vitest';
import type { DesiredEntry, SetChange } from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';
import { entryOf } from '../testing/factories.ts';
import { HeldSet } from './held-set.ts';

const entry = (target: string, over: Partial<DesiredEntry> = {}) => entryOf('a'.repeat(40), {}, { target, ...over });
const held = new HeldSet({ fence: { epoch: 2, generation: 5 }, entries: [entry('t1'), entry('t2')] });

function change(over: Partial<SetChange>, results: readonly DesiredEntry[]): SetChange {
  const base = { cluster: 'cluster1', epoch: 2, generation: 6, previous: 5, entries: [], gone: [] };
  return { ...base, setDigest: setDigest(results.map(entryDigest)), ...over };
}

const renewed = entry('t2', { release: 'newer', generation: 6 });
const changed = change({ entries: [renewed] }, [entry('t1'), renewed]);

describe('AT-08 an agent acts only on what is newer than what it holds', () => {
  const rows: readonly { readonly what: string; readonly change: SetChange; readonly kind: string }[] = [
    { what: 'the next generation', change: changed, kind: 'accepted' },
    { what: 'a later generation that builds on ours', change: { ...changed, generation: 9 }, kind: 'accepted' },
    { what: 'one that builds on an older one than ours', change: { ...changed, previous: 3 }, kind: 'accepted' },
    { what: 'the generation that is held', change: { ...changed, generation: 5 }, kind: 'old' },
    { what: 'an older generation', change: { ...changed, generation: 4 }, kind: 'old' },
    { what: 'a higher generation of an older epoch', change: { ...changed, epoch: 1, generation: 99 }, kind: 'old' },
    {
      what: 'one that builds on what we never had',
      change: { ...changed, generation: 8, previous: 7 },
      kind: 'unmergeable',
    },
    { what: 'a new epoch that builds on something', change: { ...changed, epoch: 3 }, kind: 'unmergeable' },
    {
      what: 'a whole set of a new epoch, of a lower generation',
      change: change({ epoch: 3, generation: 1, previous: 0, entries: [entry('t1')] }, [entry('t1')]),
      kind: 'accepted',
    },
    {
      what: 'one whose result has another digest',
      change: { ...changed, setDigest: '0'.repeat(64) },
      kind: 'unmergeable',
    },
    { what: 'a whole set that contradicts itself', change: { ...changed, previous: 0 }, kind: 'unmergeable' },
  ];
  it.each(rows)('$what: $kind', ({ change: each, kind }) => {
    expect(held.decide(each).kind).toBe(kind);
  });

  it('names exactly the targets that differ', () => {
    expect(held.decide(changed)).toEqual({
      kind: 'accepted',
      set: { fence: { epoch: 2, generation: 6 }, entries: [entry('t1'), renewed] },
      changed: ['t2'],
    });
  });

  it('a target that is confirmed gone, or that a whole set does not list, has no entry any more', () => {
    const gone = held.decide(change({ gone: ['t1'] }, [entry('t2')]));
    const whole = held.decide(change({ previous: 0, entries: [entry('t2')] }, [entry('t2')]));
    expect([gone, whole]).toMatchObject([{ changed: ['t1'] }, { changed: ['t1'] }]);
  });

  it('tells a change by content: in a new epoch a generation may have been spent twice', () => {
    const again = entry('t1', { release: 'other' });
    const decision = held.decide(
      change({ epoch: 3, generation: 1, previous: 0, entries: [again, entry('t2')] }, [again, entry('t2')]),
    );
    expect(decision).toMatchObject({ changed: ['t1'] });
  });
});

it('whoever holds nothing takes a whole set and nothing else', () => {
  const nothing = new HeldSet(undefined);
  const whole = change({ previous: 0, entries: [entry('t1')] }, [entry('t1')]);
  expect([nothing.digest, nothing.decide(whole).kind, nothing.decide(changed).kind]).toEqual([
    '',
    'accepted',
    'unmergeable',
  ]);
});
