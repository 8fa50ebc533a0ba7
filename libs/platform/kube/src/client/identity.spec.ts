import { describe, expect, it } from 'vitest';
import { impersonationHeaders, serviceAccountIdentity } from './identity.ts';

describe('acting as somebody else', () => {
  it('names the user, and groups one by one', () => {
    expect(impersonationHeaders({ user: 'jane', uid: '7', groups: ['a', 'b'] })).toEqual({
      'impersonate-user': 'jane',
      'impersonate-uid': '7',
      'impersonate-group': ['a', 'b'],
    });
    expect(impersonationHeaders(serviceAccountIdentity('shop', 'deployer'))).toEqual({
      'impersonate-user': 'system:serviceaccount:shop:deployer',
    });
  });

  it.each([
    [{ user: '' }],
    [{ user: '  ' }],
    [{ user: 'jane', uid: '' }],
    [{ user: 'jane', groups: [''] }],
    [serviceAccountIdentity('', 'deployer')],
    [serviceAccountIdentity('shop', '')],
    [serviceAccountIdentity('shop', 'a:b')],
    [{ user: 'jane\r\nimpersonate-group: system:masters' }],
    [{ user: 'jané' }],
  ])('refuses %j instead of falling back to our own rights', (identity) => {
    expect(() => impersonationHeaders(identity)).toThrow(expect.objectContaining({ reason: 'IdentityRefused' }));
  });
});
