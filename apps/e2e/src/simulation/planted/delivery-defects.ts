import type { FoundDefect } from './planted-defect.ts';

/** What can be wrong with how releases go over clusters, through stages, back, and past a freeze. */
export const deliveryDefects: readonly FoundDefect[] = [
  {
    defect: 'a wave opens although the one before it is not over',
    room: 'delivery',
    file: 'libs/control/delivery/src/rollout/advance-rollout.ts',
    line: 'return !wave.members.some(({ phase }) => holding.includes(phase)) && isProven(wave, rollout);',
    becomes: "return isProven(wave, rollout) || wave.members.some(({ phase }) => phase === 'UnderWay');",
    by: 'fleet',
    seed: 4,
  },
  {
    defect: 'a rollout goes on beside the one that takes over from it',
    room: 'delivery',
    file: 'libs/control/delivery/src/plan-delivery.ts',
    line: '...(current?.running && { supersedes: current.rollout }),',
    becomes: '',
    by: 'fleet',
    seed: 1,
  },
  {
    defect: 'a release enters a later stage whatever it waits for',
    room: 'delivery',
    file: 'libs/control/delivery/src/promotion/plan-promotions.ts',
    line: 'const chosen = judged.find(({ waits, never }) => waits.length === 0 && !never);',
    becomes: 'const chosen = judged.find(({ never }) => !never);',
    by: 'fleet',
    seed: 1,
  },
  {
    defect: 'a freeze holds nothing back',
    room: 'delivery',
    file: 'libs/control/delivery/src/under-freeze.ts',
    line: 'const { entry, onRemove } = standing && !mayPass(order, frozen, now) ? standing : change;',
    becomes: 'const { entry, onRemove } = mayPass(order, frozen, now) ? change : change;',
    by: 'fleet',
    seed: 6,
  },
  {
    defect: 'what is held by a rollback goes on with the others',
    room: 'delivery',
    file: 'libs/control/delivery/src/plan-delivery.ts',
    line: 'const pin = existing && standingPin(existing, stage, context);',
    becomes: 'const pin = standingPin(existing ?? ({} as never), stage, context) && undefined;',
    by: 'fleet',
    seed: 35,
  },
  {
    defect: 'an order to go back that comes again is carried out again',
    room: 'record',
    file: 'libs/control/delivery/src/testing/in-memory-rollbacks.ts',
    line: 'if (request !== undefined) this.#given.set(request, answer);',
    becomes: '',
    by: 'fleet',
    seed: 2,
  },
];
