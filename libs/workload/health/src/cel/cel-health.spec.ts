import { describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { parseHealthRule, type WrittenHealthRule } from './cel-health.ts';

function health(rule: Partial<WrittenHealthRule>, more: object) {
  const parsed = parseHealthRule({ apiVersion: 'example.org/v1', kind: 'Shop', current: 'false', ...rule });
  if (!parsed.ok) return parsed.reason;
  const { status, reason } = parsed.value({ metadata: { name: 'x' }, ...more } as KubeObject);
  return reason ? [status, reason.code, reason.message] : [status];
}

const ready = "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')";
const conditions = (status: string) => ({ status: { conditions: [{ type: 'Ready', status }] } });
const title = 'health rule of example.org/v1/Shop: ';

type Row = readonly [what: string, rule: Partial<WrittenHealthRule>, object: object, expected: readonly string[]];

describe('a rule in CEL', () => {
  it.each<Row>([
    ['is well', { current: ready }, conditions('True'), ['Healthy']],
    ['is not yet', { current: ready }, conditions('False'), ['Progressing', 'NotCurrent', `${title}current is false`]],
    [
      'asks first whether it is on its way',
      { current: 'true', failed: 'true', inProgress: 'true' },
      {},
      ['Progressing', 'InProgress', `${title}inProgress is true`],
    ],
    [
      'then whether it failed',
      { current: 'true', failed: 'true' },
      {},
      ['Degraded', 'Failed', `${title}failed is true`],
    ],
    [
      'does not ask about an older generation',
      { current: 'true' },
      { metadata: { name: 'x', generation: 2 }, status: { observedGeneration: 1 } },
      ['Progressing', 'NotObserved', 'the newest change has not been seen yet'],
    ],
    [
      'names what is not there',
      { current: ready },
      {},
      [
        'Unknown',
        'HealthRuleFailed',
        `${title}failed to evaluate the CEL expression '${ready}': no such attribute(s): status.conditions`,
      ],
    ],
    [
      'counts in whole numbers',
      { current: 'status.ready == spec.wanted && status.ready / 2 == 1' },
      { spec: { wanted: 3 }, status: { ready: 3 } },
      ['Healthy'],
    ],
    [
      'asks before it looks',
      { current: 'has(status.ready) && status.ready > 0' },
      { status: {} },
      ['Progressing', 'NotCurrent', `${title}current is false`],
    ],
    [
      'reads text',
      { current: "status.version.startsWith('v2') && status.version.matches('^v[0-9]+$')" },
      { status: { version: 'v25' } },
      ['Healthy'],
    ],
    [
      'sees no names but those of the object',
      { current: 'status.constructor == 1' },
      { status: {} },
      [
        'Unknown',
        'HealthRuleFailed',
        `${title}failed to evaluate the CEL expression 'status.constructor == 1': no such key: constructor`,
      ],
    ],
  ])('%s', (_, ...[rule, object, expected]) => {
    expect(health(rule, object)).toEqual(expected);
  });

  it.each([
    ['', 'expression Current not specified'],
    ['status.', /^failed to read the CEL expression 'status\.': /],
    ["'yes'", "the CEL expression ''yes'' is a string, not a yes or no"],
    ["status.x.matches('(a+)+b')", /has a pattern that is not written out or may take long$/],
    ["status.x.matches('(?=a)b')", /has a pattern that is not written out or may take long$/],
    ['status.x.matches(status.y)', /has a pattern that is not written out or may take long$/],
    ['cel.bind(a, status, a == a)', /binds names, which is not offered$/],
    ['x'.repeat(600).split('').join('+'), /^failed to read the CEL expression/],
  ])('refuses %s', (current, reason) => {
    expect(health({ current }, {})).toMatch(reason);
  });

  it('begins nothing that would take long, and nothing that would grow without end', () => {
    const list = Array.from({ length: 2_000 }, (_, index) => index);
    const nested = 'status.list.all(a, status.list.all(b, status.list.all(c, a > b && b > c)))';
    const joined = `status.list.map(x, status.list)${'.map(x, x + x)'.repeat(20)}.size() > 0`;
    const folded = 'status.list.map(x, status.list).map(x, [x, x]).all(x, x == x)';
    const tooLong = ['Unknown', 'HealthRuleFailed', expect.stringContaining('it may take too long')];
    const pattern = "status.text.matches('a*a*a*b')";
    const text = 'a'.repeat(2_000);
    const said = [nested, joined, folded, pattern].map((current) => health({ current }, { status: { list, text } }));
    expect(said).toEqual([tooLong, tooLong, tooLong, tooLong]);
    const usual = 'status.list.filter(a, a >= 0).all(a, a != -1 && a + 1 > a)';
    const among = "status.list.all(a, !(string(a) in ['x', 'y']))";
    expect(health({ current: among }, { status: { list } })).toEqual(['Healthy']);
    expect(health({ current: usual }, { status: { list } })).toEqual(['Healthy']);
  });
});
