import { isDeepStrictEqual } from 'node:util';
import { array, check, constantFrom, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from './block-reader.ts';
import { readFullYaml } from './full-reader.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout # the name
  labels: { app.kubernetes.io/name: checkout, tier: "3" }
spec:
  replicas: 3
  paused: no
  template:
    spec:
      containers:
      - name: app
        image: registry.example.org:5000/shop/checkout:1.24.3
        args: ["--port=8080", -v, '--name=it''s']
        command:
          - sh
          - -c
          - |
            echo one

              echo two
        env:
          - name: GREETING
            value: "hello \\"you\\"\\n"
          - name: LONG
            value: plain text that
              goes on

              and on
          - name: FOLDED
            value: >-
              one
              two
          - name: QUOTED
            value: 'first
              second'
      -
        name: empty
        resources:
`;

/** Pieces that mean something in YAML, and may mean something else where they land. */
const pieces = `: |:|#| # |"|'|>|[|]|{|}|,|&a |*a|!!str |?|? |%|@|~|null|yes|014|-|--|\\|\\n|<<: |x|é|1e3|.5|0x1F| |  `
  .split('|')
  .concat('|', '|-\n', '>+\n', '|2\n', '\t', '\n', '\n  ', '\n- ', '...\n', 'y: z\n', '\u00a0', '`');

const change = record({
  at: nat(deployment.length),
  remove: nat(12),
  insert: array(constantFrom(...pieces), { maxLength: 2 }),
});

function changed(changes: readonly { at: number; remove: number; insert: readonly string[] }[]): string {
  let text = deployment;
  for (const { at, remove, insert } of changes) text = text.slice(0, at) + insert.join('') + text.slice(at + remove);
  return `${text}\n`;
}

describe('the fast way through plain YAML', () => {
  it('reads what manifests are written in', () => {
    expect(readPlainYaml(deployment)).toEqual(readFullYaml(deployment));
    expect(readPlainYaml(deployment).ok).toBe(true);
  });

  it('never reads anything that the full parser reads otherwise', () => {
    const agree = property(array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const text = changed(changes);
      const [plain, full] = [readPlainYaml(text), readFullYaml(text)];
      return !plain.ok || !full.ok || isDeepStrictEqual(plain.value, full.value);
    });
    expect(check(agree, { numRuns: 1_500 })).toMatchObject({ failed: false });
  });

  it.each([
    ['a: &x 1', 'an anchor'],
    ['a: *x', 'an alias'],
    ['a: !!str 1', 'a tag'],
    ['a:\t1', 'a tab'],
    ['a: 1\na: 2', 'a repeated key'],
    ['yes: 1', 'a key that is no text'],
    ['__proto__: 1', 'a key that JavaScript knows'],
    ['a: [1,\n 2]', 'flow over lines'],
    ['a: 9007199254740993', 'a number that JSON would alter'],
    ['a: b: c', 'an error'],
    ['a: "b', 'an open quote'],
    ['a:\n  b: 1\n c: 2', 'an indentation that fits nothing'],
  ])('leaves %j to the full parser: %s', (text) => expect(readPlainYaml(`${text}\n`).ok).toBe(false));
});
