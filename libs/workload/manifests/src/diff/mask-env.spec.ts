import { describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { diffObjects } from './diff-objects.ts';
import { namesSecret } from './mask-env.ts';
import { maskSecrets } from './mask-secrets.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

type Variable = { name: string } & Record<string, unknown>;

function deployment(env: readonly Variable[], annotations?: Record<string, string>): KubeObject {
  const containers = [{ name: 'app', image: 'app:1', env }];
  const metadata = { name: 'web', ...(annotations && { annotations }) };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: { spec: { containers } } } };
}

describe('a variable whose value is written plainly', () => {
  it('is hidden in a diff where its name says that it is secret; equal values have equal marks', () => {
    const [live, desired] = maskSecrets([
      deployment([
        { name: 'DB_PASSWORD', value: 'one-secret' },
        { name: 'API_TOKEN', value: 'same-secret' },
        { name: 'TIER', value: 'a' },
      ]),
      deployment([
        { name: 'DB_PASSWORD', value: 'two-secret' },
        { name: 'API_TOKEN', value: 'same-secret' },
        { name: 'TIER', value: 'b' },
      ]),
    ]);
    const env = '.spec.template.spec.containers[name="app"].env';
    expect(diffObjects({ live, desired })).toEqual([
      { path: `${env}[name="DB_PASSWORD"].value`, live: '••1', desired: '••3' },
      { path: `${env}[name="TIER"].value`, live: 'a', desired: 'b' },
    ]);
  });

  it('is hidden in what kubectl and others keep of it in annotations', () => {
    const env = [{ name: 'DB_PASSWORD', value: 'one-secret' }];
    const older = deployment([{ name: 'DB_PASSWORD', value: 'old-secret' }]);
    const annotations = { [lastApplied]: JSON.stringify(older), note: 'it is one-secret', other: 'harmless' };
    const [hidden] = maskSecrets([deployment(env, annotations)]);
    const { [lastApplied]: kept = '', ...notes } = hidden!.metadata.annotations!;
    expect([JSON.parse(kept), notes, /(one|old)-secret/.test(JSON.stringify(hidden))]).toEqual([
      deployment([{ name: 'DB_PASSWORD', value: '••2' }]),
      { note: '••3', other: 'harmless' },
      false,
    ]);
  });

  it('is left where it is taken from elsewhere, is empty, or has a harmless name; the object is the very same', () => {
    const from = { valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } };
    const harmless = deployment([
      { name: 'PASSWORD', ...from },
      { name: 'TOKEN', value: '' },
      { name: 'MODE', value: 'x' },
    ]);
    expect(maskSecrets([harmless])[0]).toBe(harmless);
  });
});

it.each([
  ['DB_PASSWORD', true],
  ['PGPASSWORD', true],
  ['db.passwd', true],
  ['DB_PASS', true],
  ['authToken', true],
  ['API_TOKENS', true],
  ['CLIENT_SECRET', true],
  ['apiKey', true],
  ['APIKEY', true],
  ['SIGNING_KEY', true],
  ['GOOGLE_APPLICATION_CREDENTIALS', true],
  ['KEYBOARD', false],
  ['MONKEY', false],
  ['TOKENIZER_MODEL', false],
  ['BYPASS', false],
  ['COMPASS_URL', false],
  ['LOG_LEVEL', false],
  ['', false],
])('%s says that it is secret: %s', (name, expected) => {
  expect(namesSecret(name)).toBe(expected);
});
