import { describe, expect, it } from 'vitest';
import { seededRandom, type Random } from '@flotilla/foundation';
import { chainStart, type ChainPoint, type LedgerLine } from '../ledger-line.ts';
import { ChainCheck } from './chain-check.ts';
import { lineHash, sealLines } from './ledger-chain.ts';

const open = (id: number) => ({
  id: `${id}`,
  at: `2026-01-01T00:00:${String(id % 60).padStart(2, '0')}.000001Z`,
  project: 'default',
  actor: 'user:ann',
  action: 'target.suspend',
  subject: `Target default/checkout.dev.c${id}`,
  message: 'why not',
  ...(id % 3 === 0 && { traceparent: `trace-${id}` }),
});

const chainOf = (count: number, from = chainStart) =>
  sealLines(
    from,
    Array.from({ length: count }, (_, index) => open(from.seq + index + 1)),
  );

function check(lines: readonly LedgerLine[], head: ChainPoint, { anchor = chainStart, known = head } = {}) {
  const checking = new ChainCheck(anchor, known);
  for (const line of lines) checking.take(line);
  return checking.end(head);
}

const pointOf = ({ seq, hash }: LedgerLine): ChainPoint => ({ seq, hash });
const foundIn = (lines: readonly LedgerLine[], head: ChainPoint) => {
  const { misfit, fitting } = check(lines, head);
  return { kind: misfit?.kind, seq: misfit?.seq, fitting };
};

const fields = ['id', 'at', 'project', 'actor', 'action', 'subject', 'message', 'traceparent', 'hash'] as const;

describe('the chain of the ledger', () => {
  it('fits as it was sealed, from its first line or from an anchor, in one batch or several', () => {
    const whole = chainOf(20);
    const head = pointOf(whole.at(-1)!);
    const anchor = pointOf(whole[6]!);
    const upTo = { upTo: head };
    expect([
      check(whole, head),
      check(whole.slice(7), head, { anchor }),
      check([...whole.slice(0, 7), ...chainOf(13, anchor)], head),
      check([], chainStart),
    ]).toEqual([
      { fitting: 20, ...upTo },
      { fitting: 13, ...upTo },
      { fitting: 20, ...upTo },
      { fitting: 0, upTo: chainStart },
    ]);
  });

  it.each(fields)('tells of every line in which %s was changed, and which is the first', (field) => {
    const whole = chainOf(12);
    const head = pointOf(whole.at(-1)!);
    for (const [index] of whole.entries()) {
      const lines = whole.with(index, { ...whole[index]!, [field]: `${whole[index]![field] ?? ''}x` });
      expect(foundIn(lines, head)).toEqual({ kind: 'changed', seq: index + 1, fitting: index });
    }
  });

  it('tells of every line that was removed, the last ones included', () => {
    const whole = chainOf(12);
    for (const [index] of whole.entries()) {
      const found = foundIn(whole.toSpliced(index, 1), pointOf(whole.at(-1)!));
      expect(found).toEqual({ kind: 'removed', seq: index + 1, fitting: index });
    }
  });

  it('tells of every line that was put in, under a number that was taken', () => {
    const whole = chainOf(12);
    for (const [index] of whole.entries()) {
      const [forged] = sealLines(index === 0 ? chainStart : pointOf(whole[index - 1]!), [open(99)]);
      const found = foundIn(whole.toSpliced(index + 1, 0, forged!), pointOf(whole.at(-1)!));
      expect(found).toEqual({ kind: 'inserted', seq: index + 1, fitting: index + 1 });
    }
  });

  it('tells of every two lines that changed places, with their numbers or without', () => {
    const whole = chainOf(12);
    const head = pointOf(whole.at(-1)!);
    for (let left = 0; left < 12; left++)
      for (let right = left + 1; right < 12; right++) {
        const [first, second] = [whole[left]!, whole[right]!];
        const moved = whole.with(left, second).with(right, first);
        const renumbered = whole.with(left, { ...second, seq: left + 1 }).with(right, { ...first, seq: right + 1 });
        expect([foundIn(moved, head), foundIn(renumbered, head)]).toEqual([
          { kind: 'reordered', seq: left + 1, fitting: left },
          { kind: 'changed', seq: left + 1, fitting: left },
        ]);
      }
  });

  it('finds any one thing that was done to it, in chains of any length', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 500; round++) {
      const whole = chainOf(1 + pick(random, 40));
      const index = pick(random, whole.length);
      const before = index === 0 ? chainStart : pointOf(whole[index - 1]!);
      const line = whole[index]!;
      const renumbered = (lines: readonly LedgerLine[]) => lines.map((each, at) => ({ ...each, seq: at + 1 }));
      const [forged] = sealLines(before, [{ ...line, message: 'it was not me' }]);
      const done = [
        whole.with(index, forged!),
        renumbered(whole.toSpliced(index, 1)),
        renumbered(whole.toSpliced(index, 0, forged!)),
        whole.with(index, { ...line, seq: line.seq + 1, hash: lineHash(before, { ...line, seq: line.seq + 1 }) }),
      ];
      const kept = done.filter((lines) => foundIn(lines, pointOf(whole.at(-1)!)).kind === undefined);
      expect(kept).toEqual([]);
    }
  });

  it('whose every hash was made anew is found by a hash that was noted elsewhere, and only by that', () => {
    const whole = chainOf(9);
    const forged = sealLines(
      chainStart,
      whole.map((line) => (line.seq === 4 ? { ...line, message: 'it was not me' } : line)),
    );
    const head = pointOf(forged.at(-1)!);
    const known = pointOf(whole[6]!);
    expect([check(forged, head).misfit, check(forged, head, { known }).misfit]).toEqual([
      undefined,
      { kind: 'changed', seq: 7, line: forged[6] },
    ]);
  });

  it('that begins at an anchor which is not the noted one, or ends before what was noted, does not fit', () => {
    const whole = chainOf(9);
    const anchor = { seq: 3, hash: 'f'.repeat(64) };
    const short = pointOf(whole[5]!);
    expect([
      check(whole.slice(3), pointOf(whole[8]!), { anchor, known: pointOf(whole[2]!) }).misfit,
      check(whole.slice(0, 6), short, { known: pointOf(whole[8]!) }).misfit,
      check(whole, short).misfit,
    ]).toEqual([
      { kind: 'changed', seq: 3 },
      { kind: 'removed', seq: 7 },
      { kind: 'inserted', seq: 7 },
    ]);
  });
});

function pick(random: Random, count: number): number {
  return Math.floor(random.next() * count);
}
