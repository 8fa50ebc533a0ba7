import { problemLine } from '@flotilla/workload-manifests';
import { expect, it } from 'vitest';
import { readPrinted } from './read-printed.ts';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const read = (text: string) => {
  const outcome = readPrinted([{ path: 'helm.yaml', text }], {});
  return outcome.ok ? outcome.value.manifests.map(({ key }) => key.name) : outcome.reason.map(problemLine);
};

it.each([
  ['objects', `---\n# Source: a\n${configMap}`, ['a']],
  ['nothing', '', []],
  ['a warning alone', 'WARNING: deprecated\n', ['helm.yaml:1:1: apiVersion: is missing']],
  [
    'a warning that reads as a field of the next object',
    `WARNING: deprecated\n${configMap}`,
    ['helm.yaml:1: `WARNING` is no field of an object; the program printed something else as well'],
  ],
  [
    'a log line that does so',
    `walk.go:74: found a link\n${configMap}`,
    ['helm.yaml:1: `walk.go:74` is no field of an object; the program printed something else as well'],
  ],
])('AT-02 a program prints %s', (_, text, told) => expect(read(text).slice(0, 1)).toEqual(told));
