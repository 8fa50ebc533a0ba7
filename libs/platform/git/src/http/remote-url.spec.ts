import { describe, expect, it } from 'vitest';
import { parseRemoteUrl } from './remote-url.ts';

describe('AT-17 the URL of a remote', () => {
  it.each([
    ['https://git.example.org/team/shop.git', { origin: 'https://git.example.org', path: '/team/shop.git' }],
    ['https://git.example.org:8443/shop/', { origin: 'https://git.example.org:8443', path: '/shop' }],
    ['http://127.0.0.1:3000/shop.git', { origin: 'http://127.0.0.1:3000', path: '/shop.git' }],
    ['http://localhost/shop.git', { origin: 'http://localhost', path: '/shop.git' }],
    ['http://[::1]:3000/shop.git', { origin: 'http://[::1]:3000', path: '/shop.git' }],
  ])('may be %s', (url, parsed) => {
    expect(parseRemoteUrl(url)).toEqual(parsed);
  });

  it.each([
    'http://git.example.org/shop.git',
    'http://10.0.0.1/shop.git',
    'http://localhost.example.org/shop.git',
    'http://localhost./shop.git',
    'http://127.0.0.1.example.org/shop.git',
    'https://user@git.example.org/shop.git',
    'https://user:hunter2@git.example.org/shop.git',
    'https://git.example.org/shop.git?token=hunter2',
    'https://git.example.org/shop.git#hunter2',
    'file:///etc/passwd',
    'git://git.example.org/shop.git',
    'gopher://git.example.org/shop.git',
    'ssh://git@git.example.org/shop.git',
    'git@git.example.org:shop.git',
    'ext::sh -c id',
    '-oProxyCommand=id',
    '--upload-pack=id',
    '/srv/git/shop.git',
    '',
  ])('may not be %s', (url) => {
    expect(() => parseRemoteUrl(url)).toThrow(expect.objectContaining({ reason: 'GitUrlRefused' }));
    expect(() => parseRemoteUrl(url)).not.toThrow(/hunter2/);
  });
});
