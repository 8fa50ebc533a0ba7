import { describe, expect, it } from 'vitest';
import type { IgnoreRule, KubeObject } from '@flotilla/model';
import { ignoreFields } from './ignore-fields.ts';
import { matchesRule } from './ignore-rule.ts';

const metadata = { name: 'web', namespace: 'shop' };
const desired: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: { replicas: 3, paused: false, hooks: [{ name: 'a', caBundle: 'x' }] },
};
const live: KubeObject = {
  ...desired,
  metadata: {
    ...metadata,
    managedFields: [
      {
        manager: 'injector',
        operation: 'Update',
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:hooks': { 'k:{"name":"a"}': { 'f:caBundle': {} } } } },
      },
    ],
  },
  spec: { replicas: 9, paused: false, hooks: [{ name: 'a', caBundle: 'y' }] },
};

const specs = (rules: readonly IgnoreRule[], given: Parameters<typeof ignoreFields>[0] = { live, desired }) => {
  const sides = ignoreFields(given, rules);
  return { live: sides.live?.spec, desired: sides.desired?.spec };
};

describe('fields that are ignored', () => {
  it('leave both sides by their pointer', () => {
    expect(
      specs([{ jsonPointers: ['/spec/replicas', '/spec/hooks/0/caBundle', '/spec/nothing', '/spec/hooks/1'] }]),
    ).toEqual({
      live: { paused: false, hooks: [{ name: 'a' }] },
      desired: { paused: false, hooks: [{ name: 'a' }] },
    });
  });

  it('leave both sides when a manager that is named owns them, inside lists as well', () => {
    expect(specs([{ managers: ['injector', 'nobody'] }])).toEqual({
      live: { replicas: 9, paused: false, hooks: [{ name: 'a' }] },
      desired: { replicas: 3, paused: false, hooks: [{ name: 'a' }] },
    });
  });

  it('stay where nothing stands against them: of an object with one side no manager is asked', () => {
    expect([specs([{ managers: ['injector'] }], { live }), specs([{ managers: ['injector'] }], { desired })]).toEqual([
      { live: live.spec, desired: undefined },
      { live: undefined, desired: desired.spec },
    ]);
  });

  it('never are what makes an object itself', () => {
    const jsonPointers = [
      '',
      '/',
      'spec',
      '/kind',
      '/apiVersion',
      '/metadata',
      '/metadata/name',
      '/metadata/namespace',
    ];
    expect(ignoreFields({ live, desired }, [{ jsonPointers }])).toEqual({ live, desired, predicted: undefined });
  });
});

describe('which objects a rule is about', () => {
  const key = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web-1' };
  const rows: readonly (readonly [rule: IgnoreRule, matches: boolean])[] = [
    [{}, true],
    [{ group: '*', kind: '*' }, true],
    [{ group: '' }, false],
    [{ kind: 'Deploy*', name: 'w*b-?' }, true],
    [{ name: '*b*b*1' }, false],
    [{ name: 'web-' }, false],
    [{ name: 'web-1*' }, true],
    [{ namespace: 'shop-*' }, false],
    [{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web-1' }, true],
  ];
  it.each(rows)('%j: %s', (rule, matches) => expect(matchesRule(key, rule)).toBe(matches));

  it('is told in good time, whatever the pattern', () => {
    expect(matchesRule({ ...key, name: 'a'.repeat(250) }, { name: `${'a*'.repeat(100)}b` })).toBe(false);
  });
});
