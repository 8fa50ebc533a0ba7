import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseYaml } from './parse-yaml.ts';

/**
 * What kubectl makes of a text: recorded from sigs.k8s.io/yaml 1.6.0 behind apimachinery's YAML reader. `ours` is set
 * where we differ on purpose: stricter (`refused`) wherever the value would be altered or a slip would go unseen.
 */
interface Row {
  readonly text: string;
  readonly kubectl?: readonly unknown[] | 'refused';
  readonly ours?: readonly unknown[] | 'refused';
}

const table = JSON.parse(readFileSync(new URL('./kubectl-yaml.golden.json', import.meta.url), 'utf8')) as Row[];

/** As JSON carries it, where minus zero is zero. */
function wire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('AT-40: the same YAML as kubectl', () => {
  it('has a table worth the name', () => expect(table.length).toBeGreaterThanOrEqual(500));

  it.each(table.map((row) => [JSON.stringify(row.text), row] as const))('%s', (_, { text, kubectl, ours }) => {
    const read = parseYaml(text, { file: 'table.yaml' });
    const outcome = read.problems.length > 0 ? 'refused' : read.documents.map(({ value }) => value);
    expect(wire(outcome)).toEqual(wire(ours ?? kubectl));
  });

  it('refuses nothing without a place and a sentence', () => {
    for (const { text } of table) {
      for (const problem of parseYaml(text, { file: 'table.yaml' }).problems) {
        expect(problem).toEqual({
          file: 'table.yaml',
          line: expect.any(Number) as number,
          column: expect.any(Number) as number,
          message: expect.stringMatching(/^[^\n]{5,200}$/) as string,
        });
      }
    }
  });
});
