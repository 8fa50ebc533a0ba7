import { expect, it } from 'vitest';
import { readSettings } from '@flotilla/foundation/node';
import { createNkey } from '@flotilla/platform-bus';
import { serviceSettings } from './service-settings.ts';

const read = (credentials: string) =>
  readSettings(serviceSettings, {
    DATABASE_URL: 'postgres://here',
    NATS_URL: 'nats://one,nats://two',
    NATS_CREDENTIALS: credentials,
  });

it('the credentials of the broker are read once, and printed by nobody', () => {
  const credentials = { jwt: 'eyJ0.eyJq.c2ln', seed: createNkey('user').seed };
  const settings = read(JSON.stringify(credentials));
  expect(settings.NATS_CREDENTIALS.reveal()).toEqual(credentials);
  expect(JSON.stringify(settings)).not.toContain(credentials.seed);
});

it.each([
  ['no JSON', 'SUAC-this-is-the-secret'],
  ['no seed', '{"jwt": "this-is-the-secret"}'],
  ['a seed with a letter changed', JSON.stringify({ jwt: 'this-is-the-secret', seed: `SU${'A'.repeat(56)}` })],
  ['the seed of an account', JSON.stringify({ jwt: 'this-is-the-secret', seed: createNkey('account').seed })],
])('credentials that hold %s are named at the start, and not quoted', (_, credentials) => {
  expect(() => read(credentials)).toThrow(
    expect.objectContaining({
      reason: 'SettingsInvalid',
      message: 'the environment is not complete: NATS_CREDENTIALS: must be {"jwt": "…", "seed": "SU…"}',
    }),
  );
});
