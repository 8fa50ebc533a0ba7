import { expect, it } from 'vitest';
import { readArguments } from './read-arguments.ts';

it.each([
  [[], ['--help']],
  [['help'], ['--help']],
  [
    ['help', 'get'],
    ['get', '--help'],
  ],
  [
    ['get', 'targets', '-o=json'],
    ['get', 'targets', '-o', 'json'],
  ],
  [
    ['get', '-o=jsonpath={.a=b}'],
    ['get', '-o', 'jsonpath={.a=b}'],
  ],
  [
    ['get', '--', '-o=json'],
    ['get', '--', '-o=json'],
  ],
  [
    ['__complete', 'get', '-o=j'],
    ['__complete', '--', 'get', '-o=j'],
  ],
])('%j means %j', (typed, meant) => expect(readArguments(typed)).toEqual(meant));
