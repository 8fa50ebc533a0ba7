import { expect, it } from 'vitest';
import { anyDocumentSchema } from '@flotilla/model';
import { healthRuleProblems } from './document-rules.ts';

function problemsWith(...health: readonly object[]): string[] {
  const document = anyDocumentSchema.parse({
    apiVersion: 'fleet.flotilla.dev/v1alpha1',
    kind: 'Application',
    metadata: { name: 'checkout' },
    spec: { pipeline: 'standard', source: { repository: 'shop', path: 'app' }, namespace: 'checkout', health },
  });
  return healthRuleProblems(document).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const rule = { apiVersion: 'example.org/v1', kind: 'Thing', current: "status.phase == 'Ready'" };

it.each<[string, readonly object[], string[]]>([
  ['no rules', [], []],
  ['rules that can be read', [rule, { ...rule, kind: 'Other', failed: 'status.failures > 3' }], []],
  [
    'an expression that breaks off',
    [{ ...rule, failed: 'status.phase ==' }],
    [expect.stringMatching(/^spec\.health\.0\.failed: failed to read the CEL expression 'status\.phase =='/) as string],
  ],
  [
    'one that is no question',
    [rule, { ...rule, kind: 'Other', current: "'yes'" }],
    ["spec.health.1.current: the CEL expression ''yes'' is a string, not a yes or no"],
  ],
  [
    'a kind twice, in another version',
    [rule, { ...rule, apiVersion: 'example.org/v2' }],
    ['spec.health.1.kind: has a rule already'],
  ],
])('%s', (_what, health, expected) => {
  expect(problemsWith(...health)).toEqual(expected);
});
