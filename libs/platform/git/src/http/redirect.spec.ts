import { describe, expect, it } from 'vitest';
import { infoRefs, redirectedBase } from './redirect.ts';
import { parseRemoteUrl } from './remote-url.ts';

const from = parseRemoteUrl('https://git.example.org/shop.git');

describe('AT-16 a redirect', () => {
  it.each([
    [`/moved/shop.git${infoRefs}`, '/moved/shop.git'],
    [`https://git.example.org/moved.git${infoRefs}`, '/moved.git'],
    [`https://GIT.example.org:443/moved.git${infoRefs}`, '/moved.git'],
    [`//git.example.org/moved.git${infoRefs}`, '/moved.git'],
    [`../../other.git${infoRefs}`, '/other.git'],
  ])('within the origin is followed: %s', (location, base) => {
    expect(redirectedBase(from, location, 'git-upload-pack')).toBe(base);
  });

  it.each([
    ['to another host', `https://evil.example/shop.git${infoRefs}`, 'https://evil.example'],
    ['to a sub-domain', `https://a.git.example.org/shop.git${infoRefs}`, 'https://a.git.example.org'],
    ['to the domain above', `https://example.org/shop.git${infoRefs}`, 'https://example.org'],
    ['to another port', `https://git.example.org:8443/shop.git${infoRefs}`, 'https://git.example.org:8443'],
    ['down to http', `http://git.example.org/shop.git${infoRefs}`, 'http://git.example.org'],
    ['to an address', `https://[::1]/shop.git${infoRefs}`, 'https://[::1]'],
    ['to an IDN twin', `https://g\u0456t.example.org/shop.git${infoRefs}`, 'https://xn--gt-hoc.example.org'],
    ['with the host as a user', `https://git.example.org@evil.example/shop.git${infoRefs}`, 'https://evil.example'],
    ['without a scheme', `//evil.example/shop.git${infoRefs}`, 'https://evil.example'],
    ['with backslashes', `\\\\evil.example\\shop.git${infoRefs}`, 'https://evil.example'],
    ['to a file', 'file:///etc/passwd', 'file:'],
    ['to a program', 'ext::sh -c id', 'ext:'],
  ])('%s is refused and named', (_what, location, place) => {
    expect(() => redirectedBase(from, location, 'git-upload-pack')).toThrow(
      `https://git.example.org/shop.git was not followed: it redirects to ${place}; if that is right, use its URL`,
    );
  });

  it.each([
    ['with a password', `https://user:secret@git.example.org/shop.git${infoRefs}`],
    ['to a sign-in page', 'https://git.example.org/login'],
    ['to another service', 'https://git.example.org/shop.git/info/refs?service=git-receive-pack'],
    ['without a place', undefined],
    ['to rubbish', 'https://['],
  ])('%s is refused', (_what, location) => {
    expect(() => redirectedBase(from, location, 'git-upload-pack')).toThrow(/was not followed/);
    expect(() => redirectedBase(from, location, 'git-upload-pack')).not.toThrow(/secret/);
  });
});
