import { describe, expect, it } from 'vitest';
import { items } from '../testing/factories.ts';
import { guardPrune, listDigest, type PruneGuardInput } from './prune-guard.ts';

const many = (count: number) => items(...Array.from({ length: count }, (_, index) => `ConfigMap/c${index}`));

const record = { group: '', kind: 'Secret', namespace: 'flotilla-system', name: 'flotilla-target-a' };

function ask(over: Partial<PruneGuardInput>): string {
  const input = { leftovers: [], total: 100, emptyRender: false, pruneEnabled: true, record, approved: undefined };
  return guardPrune({ ...input, ...over })?.code ?? 'go on';
}

describe('AT-02 what may be deleted without asking', () => {
  const rows: readonly { readonly what: string; readonly input: Partial<PruneGuardInput>; readonly answer: string }[] =
    [
      { what: 'nothing is left over', input: {}, answer: 'go on' },
      { what: 'nothing is left over of an empty render', input: { emptyRender: true }, answer: 'go on' },
      { what: 'a few objects', input: { leftovers: many(3) }, answer: 'go on' },
      {
        what: 'one object, and the render is empty',
        input: { leftovers: many(1), total: 1, emptyRender: true },
        answer: 'EmptySource',
      },
      { what: 'pruning is off', input: { leftovers: many(1), pruneEnabled: false }, answer: 'PruneOff' },
      {
        what: 'pruning is off, whatever was approved',
        input: { leftovers: many(1), pruneEnabled: false, approved: listDigest(many(1)) },
        answer: 'PruneOff',
      },
      {
        what: 'an empty render that a person approved',
        input: { leftovers: many(40), total: 40, emptyRender: true, approved: listDigest(many(40)) },
        answer: 'go on',
      },
    ];
  it.each(rows)('$what: $answer', ({ input, answer }) => {
    expect(ask(input)).toBe(answer);
  });
});

describe('AT-06 the mass-deletion breaker', () => {
  const rows: readonly { readonly what: string; readonly input: Partial<PruneGuardInput>; readonly answer: string }[] =
    [
      { what: '20 of 100', input: { leftovers: many(20) }, answer: 'go on' },
      { what: '21 of 100', input: { leftovers: many(21) }, answer: 'ApprovalRequired' },
      { what: '21 of 1000: the count alone', input: { leftovers: many(21), total: 1_000 }, answer: 'ApprovalRequired' },
      { what: '15 of 50 is 30 %', input: { leftovers: many(15), total: 50 }, answer: 'go on' },
      { what: '16 of 50 is more', input: { leftovers: many(16), total: 50 }, answer: 'ApprovalRequired' },
      { what: '4 of 4: a share of so few means nothing', input: { leftovers: many(4), total: 4 }, answer: 'go on' },
      { what: '5 of 5', input: { leftovers: many(5), total: 5 }, answer: 'ApprovalRequired' },
      ...['Namespace', 'CustomResourceDefinition', 'PersistentVolume', 'PersistentVolumeClaim'].map((kind) => ({
        what: `one ${kind}`,
        input: { leftovers: items(`${kind}/x`) },
        answer: 'ApprovalRequired',
      })),
      {
        what: 'a kind of the same name in another group',
        input: {
          leftovers: [{ ...items('Namespace/x')[0]!, key: { group: 'example.org', kind: 'Namespace', name: 'x' } }],
        },
        answer: 'go on',
      },
    ];
  it.each(rows)('$what: $answer', ({ input, answer }) => {
    expect(ask(input)).toBe(answer);
  });

  it('an approval is of exactly one list: void when it grows, shrinks, or an object was made again', () => {
    const approved = listDigest(many(30));
    const again = many(30).map((item, index) => (index === 0 ? { ...item, uid: 'another' } : item));
    expect([many(30), many(31), many(29), again].map((leftovers) => ask({ leftovers, approved }))).toEqual([
      'go on',
      'ApprovalRequired',
      'ApprovalRequired',
      'ApprovalRequired',
    ]);
  });

  it('an approval does not depend on the order of the list', () => {
    expect(listDigest(many(30).toReversed())).toBe(listDigest(many(30)));
  });

  it('says what would go and how to approve it', () => {
    const block = guardPrune({
      leftovers: items('Namespace/shop', 'ConfigMap/a'),
      total: 9,
      emptyRender: false,
      pruneEnabled: true,
      record,
      approved: undefined,
    });
    expect(block).toEqual({
      code: 'ApprovalRequired',
      message: `deleting Namespace apps/shop takes more with it; Namespace apps/shop, ConfigMap apps/a stay until a person approves with: kubectl annotate --overwrite secret -n flotilla-system flotilla-target-a flotilla.dev/approve-prune=${listDigest(items('Namespace/shop', 'ConfigMap/a'))}`,
    });
  });
});
