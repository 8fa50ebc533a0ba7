import { describe, expect, it } from 'vitest';
import { compareRan, type Ran } from './compare-ran.ts';

const ran = (place: string, over: Partial<Ran> = {}): Ran => {
  const [application = '', environment = '', cluster = ''] = place.split('.');
  const content = { revision: 'a'.repeat(40), sourceDigest: 'd'.repeat(64), images: ['app:1'] };
  return { application, environment, cluster, ...content, ...over };
};

const lines = (left: readonly Ran[], right: readonly Ran[], between: 'moments' | 'clusters') =>
  compareRan(left, right, between).map(
    ({ application, environment, cluster, what, left: one, right: other }) =>
      `${application}.${environment}.${cluster} ${what}: ${one} | ${other}`,
  );

const newer = { revision: 'b'.repeat(40), sourceDigest: 'e'.repeat(64), images: ['app:2', 'proxy:1'] };

describe('what differs between two moments', () => {
  it.each<[string, readonly Ran[], readonly Ran[], string[]]>([
    ['nothing', [ran('a.dev.c1')], [ran('a.dev.c1')], []],
    [
      'another release',
      [ran('a.dev.c1')],
      [ran('a.dev.c1', newer)],
      [
        'a.dev.c1 revision: aaaaaaaa | bbbbbbbb',
        'a.dev.c1 source digest: dddddddddddd | eeeeeeeeeeee',
        'a.dev.c1 images: app:1 | app:2, proxy:1',
      ],
    ],
    [
      'of many images those that differ',
      [ran('a.dev.c1', { images: ['app:1', 'proxy:1'] })],
      [ran('a.dev.c1', { images: ['app:2', 'proxy:1'] })],
      ['a.dev.c1 images: app:1 | app:2'],
    ],
    [
      'nothing of what one side does not tell',
      [ran('a.dev.c1', { images: undefined, sourceDigest: undefined })],
      [ran('a.dev.c1', { images: [] })],
      [],
    ],
    [
      'what came, and what went',
      [ran('a.dev.c1'), ran('b.dev.c1')],
      [ran('a.dev.c1'), ran('a.dev.c2')],
      ['a.dev.c2 runs: no | yes', 'b.dev.c1 runs: yes | no'],
    ],
    [
      'a move, which is one going and one coming',
      [ran('a.dev.c1')],
      [ran('a.prod.c1')],
      ['a.dev.c1 runs: yes | no', 'a.prod.c1 runs: no | yes'],
    ],
  ])('%s', (_, left, right, expected) => expect(lines(left, right, 'moments')).toEqual(expected));
});

describe('what differs between two clusters', () => {
  it.each<[string, readonly Ran[], readonly Ran[], string[]]>([
    ['nothing', [ran('a.dev.c1')], [ran('a.dev.c2')], []],
    [
      'the same application elsewhere',
      [ran('a.staging.c1')],
      [ran('a.prod.c2', { revision: 'b'.repeat(40) })],
      ['a.staging.c1 revision: aaaaaaaa | bbbbbbbb'],
    ],
    [
      'first of all in the same environment',
      [ran('a.dev.c1'), ran('a.prod.c1')],
      [ran('a.prod.c2'), ran('a.qa.c2', { images: [] })],
      ['a.dev.c1 images: app:1 | '],
    ],
    [
      'not guessed where it runs twice',
      [ran('a.dev.c1')],
      [ran('a.qa.c2'), ran('a.prod.c2')],
      ['a.dev.c1 runs: yes | no', 'a.prod.c2 runs: no | yes', 'a.qa.c2 runs: no | yes'],
    ],
    ['what only one has', [ran('a.dev.c1')], [ran('b.dev.c2')], ['a.dev.c1 runs: yes | no', 'b.dev.c2 runs: no | yes']],
  ])('%s', (_, left, right, expected) => expect(lines(left, right, 'clusters')).toEqual(expected));
});
