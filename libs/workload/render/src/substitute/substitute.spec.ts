import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { substitute } from './substitute.ts';

const variables = {
  'environment.name': 'production',
  region: 'eu-west-1',
  file: '/path/to/file.tar.gz',
  empty: '',
  sly: '${region} $& $1',
};
const strict = { undefined: 'strict' } as const;
const filled = (text: string) => substitute(text, variables, strict);

describe('strict substitution', () => {
  it.each([
    ['nothing to fill: $HOME $(pwd) $', 'nothing to fill: $HOME $(pwd) $'],
    ['${environment.name}/${region}', 'production/eu-west-1'],
    ['$${region} and $$${region}', '${region} and $${region}'],
    ['${missing:=a}${missing=b}${missing:-c}${missing-d}', 'abcd'],
    ['${empty:=none}', 'none'],
    ['${missing:=${region}-${absent:-x}}', 'eu-west-1-x'],
    ['${region:=${absent}}', 'eu-west-1'],
    ['${region:3}|${region:3:4}|${region: -1}|${region:0: -2}', 'west-1|west|1|eu-west'],
    ['${region^} ${region^^} ${region,,}', 'Eu-west-1 EU-WEST-1 eu-west-1'],
    ['${#region}', '9'],
    [
      '${file#*/}|${file##*/}|${file%.*}|${file%%.*}',
      'path/to/file.tar.gz|file.tar.gz|/path/to/file.tar|/path/to/file',
    ],
    ['${file#nothing}|${file%?z}', '/path/to/file.tar.gz|/path/to/file.tar.'],
    ['${file/\\/path/x}|${file//\\//-}', 'x/to/file.tar.gz|-path-to-file.tar.gz'],
    ['${region/#eu/us}|${region/%1/2}|${region/#west/x}', 'us-west-1|eu-west-2|eu-west-1'],
    ['${sly}', '${region} $& $1'],
    ['${region/west/$&}', 'eu-$&-1'],
  ])('%s', (text, value) => expect(filled(text)).toEqual({ ok: true, value }));

  it.each<[string, string, number?]>([
    ['${missing}', 'variable not set: missing'],
    ['a\nb ${missing}', 'variable not set: missing', 2],
    ['${missing^^}', 'variable not set: missing'],
    ['${__proto__}', 'variable not set: __proto__'],
    ['${missing:=${absent}}', 'variable not set: absent'],
    ['a\n${region', '${region is not closed as it should be', 2],
    ['${}', '${ is not followed by a name'],
    ['${{ github.sha }}', '${ is not followed by a name'],
    ['${region:one}', '${region}: "one" is not a whole number'],
    ['${region:?gone}', '${region:?…} is no substitution that is known'],
    ['${a:='.repeat(17), 'references stand more than 16 deep in each other'],
  ])('%s is refused', (text, message, line = 1) =>
    expect(filled(text)).toEqual({ ok: false, reason: { message, line } }),
  );

  it('puts nothing where a lenient text names what is not set', () => {
    expect(substitute('a${missing}b${missing^^}', variables, { undefined: 'lenient' })).toEqual({
      ok: true,
      value: 'ab',
    });
  });
});

it('AT-20: a hostile text is filled or refused, and never throws', () => {
  const signs = constantFrom('${', '}', '$', '\\', '/', '#', '%', ':', '=', '*', 'region', 'missing', '^', ' ', '1');
  const outcomes = new Set<boolean>();
  assert(
    property(array(signs, { maxLength: 40 }), (parts) => {
      outcomes.add(filled(parts.join('')).ok);
    }),
    { numRuns: 2000 },
  );
  expect(outcomes).toEqual(new Set([true, false]));
});

it('AT-20: a pattern of stars costs no more than its length times the value', () => {
  const value = 'a'.repeat(2000);
  const result = substitute(`\${value##${'*a'.repeat(200)}b}`, { value }, strict);
  expect(result).toEqual({ ok: true, value });
});
