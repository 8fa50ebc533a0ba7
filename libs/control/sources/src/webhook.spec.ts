import { describe, expect, it } from 'vitest';
import { hmacSha256 } from '@flotilla/foundation/node';
import { verifyWebhook } from './webhook.ts';

const secret = 'the-secret-of-this-repository';
const bytes = (text: string) => new TextEncoder().encode(text);
const signed = (text: string, key = secret) => `sha256=${hmacSha256(key, bytes(text))}`;
const push = '{"ref":"refs/heads/main","after":"1111111111111111111111111111111111111111"}';

describe('AT-19: a webhook counts only with the signature of its repository', () => {
  it.each([
    ['the signature of the exact body', push, signed(push), secret, 'taken'],
    ['a body that is not even JSON, signed', '{"not json', signed('{"not json'), secret, 'taken'],
    ['an empty body, signed', '', signed(''), secret, 'taken'],
    ['no signature', push, undefined, secret, 'the signature is missing'],
    ['an empty signature', push, '', secret, 'the signature is missing'],
    ['another algorithm', push, signed(push).replace('sha256', 'sha1'), secret, 'the signature is missing'],
    ['a prefix alone', push, 'sha256=', secret, 'the signature is wrong'],
    ['the secret of another repository', push, signed(push, 'another'), secret, 'the signature is wrong'],
    ['a body that was changed on the way', `${push} `, signed(push), secret, 'the signature is wrong'],
    ['a signature that is too long', push, `${signed(push)}00`, secret, 'the signature is wrong'],
    [
      'a signature in capitals',
      push,
      signed(push).toUpperCase().replace('SHA256', 'sha256'),
      secret,
      'the signature is wrong',
    ],
    ['no secret, so that the door is closed', push, signed(push, ''), undefined, 'this repository has no webhook'],
    ['an empty secret, which is none', push, signed(push, ''), '', 'this repository has no webhook'],
  ])('%s', (_what, body, signature, key, expected) => {
    const verified = verifyWebhook({ signature, body: bytes(body) }, key);
    expect(verified.ok ? 'taken' : verified.reason).toBe(expected);
  });
});
