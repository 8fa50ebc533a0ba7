import { describe, expect, it } from 'vitest';
import { slackBody, webhookBody, type ToldNotice } from './notice-text.ts';
import type { Delivery, Notice } from './notices.port.ts';

const at = new Date('2026-01-01T08:00:00Z');
const notice = (action: string, subject: string, message = 'why'): Notice => {
  return { at, actor: 'system:delivery', action, subject, message };
};
const delivery = (...notices: readonly Notice[]): Delivery => {
  const to = { slack: { address: 'team' } };
  return { id: 'd1', project: 'shop', notifier: 'on-call', to, notices, waiting: 0 };
};

describe('whoever is called is told what to type', () => {
  const retrying = '1 failed; go on with: flotilla rollout retry checkout.production (or resume, abort)';

  it.each<[string, Notice, Pick<ToldNotice, 'command' | 'act'>]>([
    [
      'a rollout that is halted',
      notice('rollout.halt', 'Application shop/checkout', retrying),
      { command: 'flotilla explain application checkout -p shop' },
    ],
    [
      'a freeze',
      notice('freeze.set', 'Freeze shop/year-end'),
      { command: 'flotilla describe freeze year-end -p shop', act: 'flotilla unfreeze year-end -p shop' },
    ],
    [
      'a freeze that is over',
      notice('freeze.expire', 'Freeze shop/year-end'),
      { command: 'flotilla describe freeze year-end -p shop' },
    ],
    [
      'drift',
      notice('drift.find', 'Target shop/checkout.production.eu-1'),
      {
        command: 'flotilla explain target checkout.production.eu-1 -p shop',
        act: 'flotilla diff target checkout.production.eu-1 -p shop',
      },
    ],
    [
      'a repair that Git did not take',
      notice('repair.fail', 'Repository shop/shop'),
      { command: 'flotilla get repairs -p shop' },
    ],
    [
      'a rollback',
      notice('rollback.order', 'Rollback shop/01jd3v9k2m000000'),
      { command: 'flotilla describe rollback 01jd3v9k2m000000 -p shop' },
    ],
    [
      'an upgrade of agents that is halted',
      notice('upgrade.halt', 'AgentUpgrade shop/01jd3v9k2m000000'),
      { command: 'flotilla agent status -p shop', act: 'flotilla agent resume -p shop' },
    ],
    [
      'a second who speaks as a cluster',
      notice('cluster.alarm', 'Cluster shop/eu-1'),
      {
        command: 'flotilla explain cluster eu-1 -p shop',
        act: 'flotilla cluster revoke eu-1 --reason WHY -p shop',
      },
    ],
    [
      'what is about nothing that has a name',
      notice('freeze.set', 'Freeze shop/$(reboot)'),
      { command: 'flotilla events -p shop' },
    ],
    ['what nobody knows here', notice('novelty.come', 'Novelty shop/one'), { command: 'flotilla events -p shop' }],
  ])('%s, by a webhook and in a chat', (_, line, expected) => {
    const { events } = JSON.parse(webhookBody(delivery(line), undefined)) as { events: [ToldNotice] };
    const { command, act, message } = events[0];
    const { text } = JSON.parse(slackBody(delivery(line), undefined)) as { text: string };
    const commands = Object.values(expected).map((each) => `\`${each}\``);
    expect({ command, act, message }).toEqual({ act: undefined, ...expected, message: line.message });
    expect(text).toBe(
      [
        `*${line.action}* ${line.subject}: ${line.message}`,
        ['by system:delivery at 2026-01-01T08:00:00.000Z', ...commands].join(' · '),
      ].join('\n'),
    );
  });
});
