import { expect, it } from 'vitest';
import { candidateOf } from '../mock/stage-factory.ts';
import { candidateOrders } from './stage-orders.ts';

const stage = { application: 'checkout', environment: 'production', targets: 12 };
const wait = (gate: string, whoCanAct?: string) => ({ gate, blockedBy: 'it', ...(whoCanAct && { whoCanAct }) });
const candidate = candidateOf(7, 'Waits');
const commit = candidate.revision.slice(0, 8);
const digest = candidate.digest.slice(0, 12);

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
  ]);
});

it('what is in quarantine is let go first, and what does not wait for people has no order', () => {
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
    [],
    [],
    [],
  ]);
});

it('names of others are words of the shell', () => {
  const evil = { ...stage, application: '$(reboot)', environment: '; reboot' };
  const waits = [wait('approval'), wait('promote')];
  expect(candidateOrders({ ...candidate, waits }, evil).map(({ command }) => command)).toEqual([
    `flotilla approve '$(reboot)-${commit}' --for '; reboot'`,
    `flotilla promote '$(reboot)' --to '; reboot' --release ${commit} --reason REASON`,
  ]);
});
