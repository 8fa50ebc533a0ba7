import { expect, it } from 'vitest';
import { notifierSchema, type NotifierDocument } from './documents/notifier.ts';
import { tellsOf } from './notifier.ts';

const to = { slack: { address: 'team' } };

it.each<[string, Partial<NotifierDocument['spec']>, boolean]>([
  ['an action by its name', { when: ['rollout.halt', 'target.suspend'] }, true],
  ['all about one noun', { when: ['target.*'] }, true],
  ['one thing about every noun', { when: ['*.suspend'] }, true],
  ['another action', { when: ['target.resume'] }, false],
  ['its subject as well', { when: ['*.*'], subjects: ['Target shop/checkout.production.*'] }, true],
  ['not another subject', { when: ['*.*'], subjects: ['Target shop/checkout.dev.*'] }, false],
])('tells of %s', (_, spec, expected) => {
  const line = { action: 'target.suspend', subject: 'Target shop/checkout.production.eu-1' };
  expect(tellsOf({ when: [], to, ...spec }, line)).toBe(expected);
});

it.each<[string, object, boolean]>([
  ['a hook that is signed', { webhook: { url: 'https://hook.example.org/flotilla', secret: 'hook' } }, true],
  ['one on this machine', { webhook: { url: 'http://127.0.0.1:9000/', secret: 'hook' } }, true],
  ['plain http elsewhere', { webhook: { url: 'http://hook.example.org/', secret: 'hook' } }, false],
  ['a password in the address', { webhook: { url: 'https://a:b@hook.example.org/', secret: 'hook' } }, false],
  ['another protocol', { webhook: { url: 'file:///etc/passwd', secret: 'hook' } }, false],
  ['two receivers', { ...to, webhook: { url: 'https://hook.example.org/', secret: 'hook' } }, false],
  ['nobody', {}, false],
])('%s can be told: %s', (_, receiver, expected) => {
  const apiVersion = 'fleet.flotilla.dev/v1alpha1';
  const document = {
    apiVersion,
    kind: 'Notifier',
    metadata: { name: 'on-call' },
    spec: { when: ['freeze.*'], to: receiver },
  };
  expect(notifierSchema.safeParse(document).success).toBe(expected);
});
