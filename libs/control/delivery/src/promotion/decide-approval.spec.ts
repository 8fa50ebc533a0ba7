import { describe, expect, it } from 'vitest';
import type { Gate } from '@flotilla/model';
import { after, PromotionWalk } from '../testing/promotion-walk.ts';
import { decideApproval } from './decide-approval.ts';

const gates: Gate[] = [{ approval: { users: ['ann', 'bob', 'eve'], count: 1 } }];
const everywhere = (tree: string) => ({ dev: tree, staging: tree });
const place = { project: 'default', application: 'checkout', environment: 'staging' };

function walk(): PromotionWalk {
  const walked = new PromotionWalk([
    { environment: 'dev' },
    { environment: 'staging', following: after(['dev'], { gates }) },
  ]);
  walked.authors = { c1: { name: 'ann' }, c2: { name: 'bob' }, c3: { name: 'eve' } };
  return walked;
}

const reasonOf = (decide: () => unknown) => {
  try {
    return decide();
  } catch (fault) {
    return (fault as { reason?: string }).reason;
  }
};

describe('an approval', () => {
  it('is not taken from whoever wrote the inputs, although another commit carries them now', () => {
    const walked = walk().commit('c1', everywhere('t1')).finish('dev').commit('c2', { dev: 't2' }).finish('dev');
    const approve = (who: string) => reasonOf(() => decideApproval(walked.facts(), { ...place, release: 'c2' }, who));
    expect([approve('ann'), approve('bob'), approve('eve')]).toMatchObject([
      'ApproverIsAuthor',
      'ApproverIsAuthor',
      { candidate: { revision: 'c2' } },
    ]);
    expect(walked.approve('staging', 'ann').runs('staging')).toBeUndefined();
    expect(walked.approve('staging', 'eve').runs('staging')).toBe('c2');
  });
});
