import { describe, expect, it } from 'vitest';
import type { RolloutCourseView } from '@flotilla/contracts';
import { rolloutOf } from '../../mock/rollout-factory.ts';
import { rolloutOrders } from './course-orders.ts';

const begun = rolloutOf({ application: 'checkout', environment: 'production' }, 'a'.repeat(40), 0);

function course(state: RolloutCourseView['status']['state'], waves: RolloutCourseView['waves']): RolloutCourseView {
  return { ...begun, status: { state, total: 5, arrived: 1, failing: 1 }, waves };
}

const wave: RolloutCourseView['waves'][number] = {
  name: 'canary',
  members: [
    { cluster: 'eu-1', phase: 'Done' },
    { cluster: '$(reboot); eu-2', phase: 'Failed' },
    { cluster: 'eu-3', phase: 'Waiting' },
    { cluster: 'eu-4', phase: 'Waiting' },
    { cluster: 'eu-5', phase: 'Skipped' },
  ],
};
const goBack = {
  does: 'Go back',
  touches: `takes up to 5 targets back from aaaaaaaa to what was well before. It shows first what it would change, and asks.`,
  command: 'flotilla rollback checkout.production --reason REASON',
};
const skip = {
  does: 'Skip',
  touches: 'passes $(reboot); eu-2 by: what runs there stays until the next rollout.',
  command: "flotilla rollout skip checkout.production --cluster '$(reboot); eu-2'",
};
const retry = {
  does: 'Retry',
  touches: 'has 1 cluster that failed try again, with a new deadline.',
  command: 'flotilla rollout retry checkout.production',
};
const abort = {
  does: 'Abort',
  touches: 'ends it: 2 clusters keep the release, 2 clusters never get it.',
  command: 'flotilla rollout abort checkout.production',
};

describe('what can be done about a rollout', () => {
  it('that is halted: each order with whom it touches, and names of others as one word of the shell', () => {
    expect(rolloutOrders(course('Halted', [wave]))).toEqual([
      {
        does: 'Resume',
        touches: 'admits 2 more clusters, wave by wave, and what failed so far no longer counts.',
        command: 'flotilla rollout resume checkout.production',
      },
      retry,
      skip,
      abort,
      goBack,
    ]);
  });

  it('that runs: it can be held instead of let go on', () => {
    const pause = {
      does: 'Pause',
      touches: 'holds 2 clusters back; 2 clusters that began go on.',
      command: 'flotilla rollout pause checkout.production',
    };
    expect(rolloutOrders(course('Running', [wave]))).toEqual([retry, skip, pause, abort, goBack]);
  });

  it('that waits before a wave: what people can say for it, and nothing while something else holds it up', () => {
    const waits = ['approval of eve', 'web ci.example.org/'].map((gate) => ({ gate, blockedBy: 'nobody has said so' }));
    const rest = { name: 'rest', waits, members: [{ cluster: 'eu-6', phase: 'Waiting' as const }] };
    const waiting = course('Running', [{ ...wave, members: wave.members.slice(0, 1) }, rest]);
    const ordersOf = (code: string) =>
      rolloutOrders({ ...waiting, status: { ...waiting.status, blocked: { code, message: '' } } });
    expect([ordersOf('WaveGated').slice(0, 2), ordersOf('WaveSoaking').map(({ does }) => does)]).toEqual([
      [
        {
          does: 'Approve',
          touches: 'agrees to exactly this release for wave rest: 1 cluster.',
          command: 'flotilla approve checkout-aaaaaaaa --for production --wave rest',
        },
        {
          does: 'Override',
          touches:
            'does without the word of whoever is asked before wave rest: 1 cluster; it takes the right to break the glass.',
          command: 'flotilla override checkout.production --release aaaaaaaa --wave rest --reason REASON',
        },
      ],
      ['Pause', 'Abort', 'Go back'],
    ]);
  });

  it('that is over, or goes to everybody at once: nothing of it can be steered', () => {
    expect([rolloutOrders(course('Finished', [wave])), rolloutOrders(course('Running', []))]).toEqual([
      [goBack],
      [goBack],
    ]);
  });
});
