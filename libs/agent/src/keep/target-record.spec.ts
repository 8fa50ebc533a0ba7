import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { items } from '../testing/factories.ts';
import {
  emptyRecord,
  neededBundles,
  packRecord,
  unpackRecord,
  withBundle,
  type Bundle,
  type TargetRecord,
} from './target-record.ts';

const bundle = (sourceDigest: string, over: Partial<Bundle> = {}): Bundle => ({
  sourceDigest,
  source: { url: 'u', revision: 'a'.repeat(40), path: 'app', also: [] },
  files: [{ path: 'app/a.yaml', content: 'YQ==' }],
  ...over,
});

const running = (sourceDigest: string) => ({
  sourceDigest,
  release: 'r',
  revision: 'a',
  renderDigest: 'd',
  appliedAt: 't',
});

function recordOf(digests: string, over: Partial<TargetRecord> = {}): TargetRecord {
  const bundles = digests
    .split(' ')
    .map((each) => bundle(each.replace('+', ''), each.endsWith('+') ? { good: true } : {}));
  return { ...emptyRecord('t1', 'shop/a in dev'), bundles, ...over };
}

const digestsOf = ({ bundles }: TargetRecord) =>
  bundles.map(({ sourceDigest, good }) => `${sourceDigest}${good ? '+' : ''}`).join(' ');

it('what was packed is unpacked as it was', () => {
  const record = { ...recordOf('b a+', { running: running('b') }), inventory: items('ConfigMap/one', 'Secret/two') };
  expect(unpackRecord(packRecord(record))).toEqual(record);
});

describe('what is no record', () => {
  const packed = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64');
  const whole = packRecord(recordOf('a'));
  it.each([
    { what: 'nothing', text: '' },
    { what: 'no archive', text: Buffer.from('hello').toString('base64') },
    { what: 'half of one', text: whole.slice(0, whole.length / 2) },
    {
      what: 'one with a changed byte',
      text: `${whole.slice(0, 60)}${whole[60] === 'A' ? 'B' : 'A'}${whole.slice(61)}`,
    },
    { what: 'another version', text: packed({ ...recordOf('a'), version: 2 }) },
    { what: 'another shape', text: packed({ version: 1, target: 't1', title: '', inventory: [{}], bundles: [] }) },
  ])('$what is refused', ({ text }) => {
    expect(() => unpackRecord(text)).toThrow(/./);
  });
});

describe('the bundles that are kept', () => {
  const rows = [
    { what: 'the first', before: emptyRecord('t1', ''), runsWell: false, after: 'new' },
    {
      what: 'the running one, and the last two good ones',
      before: recordOf('r g2+ g1+ g0+', { running: running('r') }),
      runsWell: false,
      after: 'new r g2+ g1+',
    },
    {
      what: 'a running one that is well is good from now on',
      before: recordOf('r g2+ g1+', { running: running('r') }),
      runsWell: true,
      after: 'new r+ g2+ g1+',
    },
    {
      what: 'bad ones push nothing out',
      before: recordOf('bad r g2+ g1+', { running: running('r') }),
      runsWell: false,
      after: 'new r g2+ g1+',
    },
    {
      what: 'a held one that is wanted again comes first',
      before: recordOf('r new+ g1+', { running: running('r') }),
      runsWell: true,
      after: 'new r+ g1+',
    },
  ];
  it.each(rows)('$what: $after', ({ before, runsWell, after }) => {
    expect(digestsOf(withBundle(before, bundle('new'), runsWell))).toBe(after);
  });

  it.each([
    { digests: 'new r g2+ g1+', needed: 2 },
    { digests: 'r g2+ g1+', needed: 1 },
    { digests: 'new g2+', needed: 1 },
  ])('of $digests, $needed are needed', ({ digests, needed }) => {
    expect(neededBundles(recordOf(digests, { running: running('r') }))).toBe(needed);
  });
});
