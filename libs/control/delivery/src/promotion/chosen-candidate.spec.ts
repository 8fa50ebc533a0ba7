import { expect, it } from 'vitest';
import { after, PromotionWalk } from '../testing/promotion-walk.ts';
import { chosenCandidate } from './chosen-candidate.ts';

const place = { application: 'checkout', environment: 'staging' };

function chosen(walked: PromotionWalk, release: string): string | undefined {
  try {
    return chosenCandidate(walked.facts(), { ...place, release }).release;
  } catch (fault) {
    return (fault as { reason?: string }).reason;
  }
}

it('a commit that brings one thing and then another names neither: which of them was looked at is not known', () => {
  const following = after(['dev'], { promote: 'manual' });
  const walked = new PromotionWalk([{ environment: 'dev' }, { environment: 'staging', following }])
    .commit('c1', { dev: 't1', staging: 't1' })
    .finish('dev')
    .commit('c1', { staging: 't2' });
  const [newer, older] = walked.releases.map(({ uid }) => uid);
  expect([chosen(walked, 'c1'), chosen(walked, newer!), chosen(walked, older!)]).toEqual([
    'ReleaseAmbiguous',
    newer,
    older,
  ]);
  const [latest] = walked.commit('c12', { staging: 't3' }).releases;
  expect([chosen(walked, 'c'), chosen(walked, 'c1'), chosen(walked, 'c12')]).toEqual([
    'ReleaseAmbiguous',
    'ReleaseAmbiguous',
    latest!.uid,
  ]);
});
