import { expect, it } from 'vitest';
import { commitOf, targetOf } from '../mock/factories.ts';
import { quarantineOf } from '../mock/rollback-factory.ts';
import { liftOrder, pinOrders, standingPins } from './standing-pins.ts';

const [good, better] = [commitOf(1), commitOf(2)];
const early = { by: 'user:ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z' };
const late = { by: 'user:ben', reason: 'one cluster only', since: '2026-01-02T00:00:00.000Z' };

function held(cluster: string, revision: string, pin: typeof early | undefined) {
  const target = targetOf({ application: 'mail', environment: 'production', cluster }, revision, 0);
  return { ...target, spec: { ...target.spec, ...(pin && { pin }) } };
}

const place = { application: 'mail', environment: 'production' };

it('what is held is told by order, the newest first, with how many are held in its place altogether', () => {
  const targets = [
    held('a', good, early),
    held('b', good, early),
    held('c', better, late),
    held('d', better, undefined),
  ];
  expect(standingPins(targets)).toEqual([
    { ...place, ...late, revision: better, clusters: ['c'], inPlace: 3 },
    { ...place, ...early, revision: good, clusters: ['a', 'b'], inPlace: 3 },
  ]);
});

it('is let go by its place, forward or not, and a digest by what it begins with', () => {
  const orders = pinOrders({ application: 'mail', environment: '$(reboot)', inPlace: 1 });
  expect([...orders, liftOrder(quarantineOf('mail', 'a'.repeat(64), 0, ''))]).toEqual([
    {
      does: 'Go forward',
      touches:
        'lets 1 target of $(reboot) go on to something newer; refused while there is nothing newer that is not in quarantine.',
      command: "flotilla unpin application mail --environment '$(reboot)' --forward --reason REASON",
    },
    {
      does: 'Let go',
      touches: 'has 1 target of $(reboot) run what Git says, whatever that is.',
      command: "flotilla unpin application mail --environment '$(reboot)' --reason REASON",
    },
    {
      does: 'Lift',
      touches: 'lets source digest aaaaaaaaaaaa of mail enter again, in every environment.',
      command: 'flotilla quarantine lift mail aaaaaaaaaaaa --reason REASON',
    },
  ]);
});
