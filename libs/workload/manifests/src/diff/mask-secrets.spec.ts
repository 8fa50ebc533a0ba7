import { array, check, constantFrom, dictionary, oneof, property, record, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { diffObjects } from './diff-objects.ts';
import { maskSecrets } from './mask-secrets.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const base64 = (text: string) => Buffer.from(text).toString('base64');

function secret(fields: object, annotations: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'shop', annotations }, ...fields };
}

describe('hiding secrets', () => {
  it('keeps keys, and shows by equal marks what is equal', () => {
    const [live, desired] = maskSecrets([
      secret({ data: { a: base64('one-secret'), b: base64('two-secret') } }),
      secret({ stringData: { a: 'one-secret', b: 'other-secret' }, data: { c: base64('two-secret') } }),
    ]);
    expect([live?.['data'], desired?.['data']]).toEqual([
      { a: '••1', b: '••2' },
      { c: '••2', a: '••1', b: '••3' },
    ]);
    expect(diffObjects({ live, desired })).toEqual([
      { path: '.data.b', live: '••2', desired: '••3' },
      { path: '.data.c', desired: '••2' },
    ]);
  });

  it('looks into annotations', () => {
    const manifest = secret({ data: { a: base64('older-secret') } }, { note: 'the password is one-secret' });
    const [hidden] = maskSecrets([
      secret({ data: { a: base64('one-secret') } }, { [lastApplied]: JSON.stringify(manifest), note: 'harmless' }),
    ]);
    const shown = { ...manifest, metadata: { name: 'shop', annotations: { note: '••3' } }, data: { a: '••2' } };
    expect(hidden?.metadata.annotations?.['note']).toBe('harmless');
    expect(JSON.parse(hidden?.metadata.annotations?.[lastApplied] ?? '')).toEqual(shown);
    const [odd] = maskSecrets([secret({}, { [lastApplied]: 'not JSON' })]);
    expect(odd?.metadata.annotations).toEqual({ [lastApplied]: '{"data":{"":"••1"}}' });
  });

  it('leaves everything else alone', () => {
    const map: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'b' } };
    const own: KubeObject = { ...map, apiVersion: 'example.org/v1', kind: 'Secret' };
    expect(maskSecrets([map, undefined, own])).toEqual([map, undefined, own]);
  });

  it('never shows six characters of a secret, however it is written', () => {
    const value = string({ minLength: 6, maxLength: 40, unit: 'grapheme' });
    const values = dictionary(constantFrom('password', 'token', 'tls.key'), value, { minKeys: 1 });
    const place = constantFrom('data', 'stringData', 'broken');
    const annotation = oneof(value, constantFrom('note'));
    const one = record({ values, place, kept: values, notes: array(annotation, { maxLength: 2 }) });
    const hides = property(tuple(one, one), (sides) => {
      const objects = sides.map(({ values: held, place: at, kept, notes }) => {
        const manifest = secret({ data: encoded(kept) }, { all: Object.values(held).join(' ') });
        const annotations = {
          [lastApplied]: JSON.stringify(manifest),
          notes: [...notes, ...Object.values(held)].join('\n'),
        };
        return secret(at === 'data' ? { data: encoded(held) } : { [at === 'broken' ? 'data' : at]: held }, annotations);
      });
      const [live, desired] = maskSecrets(objects);
      const shown = JSON.stringify([live, desired, diffObjects({ live, desired })]);
      const all = sides.flatMap(({ values: held, kept }) => [...Object.values(held), ...Object.values(kept)]);
      return !all.some((text) => partsOf(text).some((part) => shown.includes(part)));
    });
    expect(check(hides, { numRuns: 500 })).toMatchObject({ failed: false });
  });
});

function encoded(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)]));
}

/** Every six characters in a row of a text and of its encoding, in the forms in which JSON would show them. */
function partsOf(text: string): string[] {
  return [text, base64(text)].flatMap((form) =>
    Array.from({ length: Math.max(0, form.length - 5) }, (_, at) =>
      JSON.stringify(form.slice(at, at + 6)).slice(1, -1),
    ),
  );
}
