import { describe, expect, it } from 'vitest';
import { adapters } from './adapters.ts';
import { differs } from './differs.ts';
import { judgeCases } from './judge-cases.ts';
import type { Adapter } from './peer-case.ts';

const doubled: Adapter = ({ number, expected }) => {
  if (number === 'surprise') throw new RangeError('no number');
  return typeof number === 'number' ? { expected: expected?.is, actual: { sum: number * 2 } } : undefined;
};
const line = (id: string, number: unknown, is: unknown) => JSON.stringify({ id, number, expected: { is } });
const [meant] = Object.keys(differs) as [string];

describe('the cases of a file', () => {
  it('are passed, failed with both sides, meant to differ, or not offered', async () => {
    const lines = [
      line('right', 2, { sum: 4 }),
      line('wrong', 2, { sum: 5 }),
      line(meant, 2, { sum: 5 }),
      line('of another mode', 'two', { sum: 4 }),
      line('thrown at', 'surprise', { sum: 4 }),
      '{"not": "a case"}',
      'null',
      '{half',
    ];
    expect(await judgeCases(lines, doubled)).toEqual({
      passed: 1,
      differs: 1,
      notOffered: 4,
      failed: [
        { id: 'wrong', expected: { sum: 5 }, actual: { sum: 4 } },
        { id: 'thrown at', expected: { is: { sum: 4 } }, actual: 'threw RangeError: no number' },
      ],
    });
  });

  it('are not offered when nothing drives the file', async () => {
    const nothing = { passed: 0, differs: 0, notOffered: 1, failed: [] };
    expect(await judgeCases([line('any', 1, 2)], undefined)).toEqual(nothing);
  });
});

function thing(spec: object) {
  return { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'a' }, spec };
}

/** What no case of any file may be answered with. */
const wrongly = {
  status: 'Failed',
  wave: 4,
  groups: [],
  refs: [],
  ok: true,
  canonical: 'z',
  match: 'no',
  modified: true,
  object: thing({ a: 3 }),
  asserts: [{ on: 'live', path: '/spec/limits/cpu', op: 'eq', value: '3' }],
};

describe('each file that is offered', () => {
  it.each<[keyof typeof adapters, object, object]>([
    ['health_argocd', { input: { apiVersion: 'v1', kind: 'Namespace', metadata: {} } }, { status: 'Healthy' }],
    ['health_kstatus', { input: { apiVersion: 'v1', kind: 'Namespace', metadata: {} } }, { status: 'Current' }],
    ['order_waves', { kind: 'Pod', annotations: { 'argocd.argoproj.io/sync-wave': '3' } }, { wave: 3 }],
    ['order_sort', { vertices: ['a', 'b'], edges: [{ from: 'a', dependsOn: 'b' }] }, { groups: [['b'], ['a']] }],
    [
      'order_sort',
      { annotation: 'apps/Deployment/a' },
      { refs: [{ group: 'apps', kind: 'Deployment', namespace: '', name: 'a' }] },
    ],
    ['selectors_k8s', { mode: 'parse', selector: 'x in (b,a),!y' }, { ok: true, canonical: '!y,x in (a,b)' }],
    ['selectors_k8s', { mode: 'requirement', key: 'x', operator: 'gt', values: ['a'] }, { ok: false }],
    ['selectors_k8s', { mode: 'match', selector: 'x!=a', labels: {} }, { match: true }],
    [
      'diff_gitops_engine',
      { mode: 'threeWay', live: thing({ a: 1, b: 2 }), desired: thing({ a: 1 }), options: {} },
      { modified: false },
    ],
    [
      'diff_gitops_engine',
      { mode: 'threeWay', live: thing({ a: 1 }), desired: thing({ a: 2 }), options: { ignorePaths: ['/spec/a'] } },
      { modified: false },
    ],
    ['diff_flux_normalize', { input: thing({ a: 1 }) }, { object: thing({ a: 1, b: 'filled in' }) }],
    [
      'diff_argocd_ignore',
      { mode: 'knownTypes', live: thing({ limits: { cpu: '2000m' } }) },
      { asserts: [{ on: 'live', path: '/spec/limits/cpu', op: 'eq', value: '2' }] },
    ],
  ])('%s drives our functions: %j', async (file, input, expected) => {
    const judge = (is: object) => judgeCases([JSON.stringify({ id: 'one', ...input, expected: is })], adapters[file]);
    const [right, wrong] = [await judge(expected), await judge(wrongly)];
    expect([right.passed, wrong.passed]).toEqual([1, 0]);
  });
});
