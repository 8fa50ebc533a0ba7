import { describe, expect, it } from 'vitest';
import { readImageQuery, type ImageQuery } from './image-query.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const nginx = [
  'nginx',
  'library/nginx',
  'docker.io/nginx',
  'docker.io/library/nginx',
  'index.docker.io/nginx',
  'index.docker.io/library/nginx',
];

describe('an image that is asked for', () => {
  it.each<[string, ImageQuery | undefined]>([
    ['ghcr.io/shop/checkout', { names: ['ghcr.io/shop/checkout'] }],
    ['ghcr.io/shop/checkout:1.2', { names: ['ghcr.io/shop/checkout'], tag: '1.2' }],
    ['registry:5000/shop/checkout', { names: ['registry:5000/shop/checkout'] }],
    ['localhost/checkout:x', { names: ['localhost/checkout'], tag: 'x' }],
    [`ghcr.io/shop/checkout@${digest}`, { names: ['ghcr.io/shop/checkout'], digest }],
    [`ghcr.io/shop/checkout:1@${digest}`, { names: ['ghcr.io/shop/checkout'], tag: '1', digest }],
    [`@${digest}`, { digest }],
    [digest, { digest }],
    ['nginx', { names: nginx }],
    ['docker.io/library/nginx:1', { names: nginx, tag: '1' }],
    ['shop/checkout', { names: ['shop/checkout', 'docker.io/shop/checkout', 'index.docker.io/shop/checkout'] }],
    ['', undefined],
    [':1', undefined],
    ['a b', undefined],
    ['a@1', undefined],
  ])('%s', (text, query) => expect(readImageQuery(text)).toEqual(query));
});
