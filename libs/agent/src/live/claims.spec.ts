import { expect, it } from 'vitest';
import { objectId } from '@flotilla/model';
import { configMapKey } from '../testing/factories.ts';
import { Claims } from './claims.ts';

it('the first keeps it until he himself gives it up', () => {
  const claims = new Claims();
  const key = configMapKey('one');
  const answers = [claims.claim(key, 't1'), claims.claim(key, 't2'), claims.claim(key, 't1')];
  claims.release(key, 't2');
  const afterStranger = claims.holder(objectId(key));
  claims.release(key, 't1');
  expect([answers, afterStranger, claims.holder(objectId(key)), claims.claim(key, 't2')]).toEqual([
    ['t1', 't1', 't1'],
    't1',
    undefined,
    't2',
  ]);
});
