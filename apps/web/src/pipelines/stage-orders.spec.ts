import { expect, it } from 'vitest';
import { candidateOf } from '../mock/stage-factory.ts';
import { candidateOrders, unholdOrder } from './stage-orders.ts';

const stage = { application: 'checkout', environment: 'production', targets: 12 };
const wait = (gate: string, whoCanAct?: string) => ({ gate, blockedBy: 'it', ...(whoCanAct && { whoCanAct }) });
const candidate = candidateOf(7, 'Waits');
const commit = candidate.revision.slice(0, 8);
const digest = candidate.digest.slice(0, 12);
const hold = {
  does: 'Hold',
  touches: `lets nothing of ${commit} past production until somebody says so.`,
  command: `flotilla hold checkout.production --release ${commit} --reason REASON`,
};

it('offers what would not be refused, each with whom it touches', () => {
  const waits = [wait('approval of ann'), wait('promote'), wait('rollout'), wait('web quality'), wait('comet')];
  expect(candidateOrders({ ...candidate, waits }, stage)).toEqual([
    {
      does: 'Approve',
      touches: `agrees to exactly source digest ${digest} for 12 targets of production.`,
      command: `flotilla approve checkout-${commit} --for production`,
    },
    {
      does: 'Promote',
      touches: 'has it enter production as soon as its gates let it in: 12 targets.',
      command: `flotilla promote checkout --to production --release ${commit} --reason REASON`,
    },
    {
      does: 'Promote instead',
      touches: 'has it enter in place of the rollout that is under way: 12 targets.',
      command: `flotilla promote checkout --to production --release ${commit} --reason REASON --instead`,
    },
    {
      does: 'Override',
      touches: `does without the word of whoever is asked outside, for exactly source digest ${digest}; it takes the right to break the glass.`,
      command: `flotilla override checkout.production --release ${commit} --reason REASON`,
    },
    hold,
  ]);
});

it('what is in quarantine is let go first, what waits for time alone can be held, and what is over has no order', () => {
  const quarantined = { ...candidate, waits: [wait('promote', 'whoever may run: flotilla quarantine lift')] };
  const others = [
    { ...candidate, waits: [wait('soak 4h')] },
    { ...candidate, state: 'Superseded' as const, waits: [wait('promote')] },
    { ...candidate, state: 'Skipped' as const, waits: [wait('approval of ann')] },
  ];
  expect([candidateOrders(quarantined, stage), ...others.map((each) => candidateOrders(each, stage))]).toEqual([
    [
      {
        does: 'Lift',
        touches: `lets source digest ${digest} enter again, wherever it is in quarantine.`,
        command: `flotilla quarantine lift checkout ${digest} --reason REASON`,
      },
    ],
    [hold],
    [],
    [],
  ]);
});

it('what is held is let go on: all of it, or the release that is held', () => {
  const held = { who: 'user:ann', reason: 'we move the database', since: '2026-01-01T00:00:00.000Z' };
  const orders = [held, { ...held, revision: candidate.revision }].map((each) => unholdOrder(each, stage));
  expect(orders.map(({ touches, command }) => [touches, command])).toEqual([
    [
      'lets everything that is held there go on, as its gates allow: up to 12 targets of production.',
      'flotilla unhold checkout.production --reason REASON',
    ],
    [
      `lets ${commit} go on, as its gates allow: up to 12 targets of production.`,
      `flotilla unhold checkout.production --release ${commit} --reason REASON`,
    ],
  ]);
});

it('names of others are words of the shell', () => {
  const evil = { ...stage, application: '$(reboot)', environment: '; reboot' };
  const waits = [wait('approval'), wait('promote')];
  expect(candidateOrders({ ...candidate, waits }, evil).map(({ command }) => command)).toEqual([
    `flotilla approve '$(reboot)-${commit}' --for '; reboot'`,
    `flotilla promote '$(reboot)' --to '; reboot' --release ${commit} --reason REASON`,
    `flotilla hold '$(reboot).; reboot' --release ${commit} --reason REASON`,
  ]);
});
