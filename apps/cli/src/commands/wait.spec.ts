import type { RolloutView, StreamEvent, TargetView } from '@flotilla/contracts';
import { Channel } from '@flotilla/foundation';
import { describe, expect, it } from 'vitest';
import { anHourAgo, planeWith, sampleApplication, sampleTarget, worldOf } from '../testing/sample-fleet.ts';

const reason = { code: 'ImagePullBackOff', message: 'no such image' };
const well = sampleTarget('checkout.dev.eu-1');
const ill = sampleTarget('checkout.dev.eu-1', { status: { health: 'Degraded', reason } });
const other = sampleTarget('checkout.production.eu-2');

const added = (object: TargetView): StreamEvent => ({ type: 'ADDED', kind: 'target', object });
const modified = (object: TargetView): StreamEvent => ({ type: 'MODIFIED', kind: 'target', object });
const bookmark: StreamEvent = { type: 'BOOKMARK', kind: 'target' };

interface Waiting {
  readonly events: readonly StreamEvent[];
  readonly later?: readonly StreamEvent[];
  readonly terminal?: boolean;
}

/** Types a command line; the later events come ten seconds after the first ones. */
async function waiting(line: string, { events, later = [], terminal = false }: Waiting) {
  const channel = new Channel<StreamEvent>();
  for (const event of events) channel.push(event);
  const opened = Promise.withResolvers<void>();
  const plane = planeWith({ targets: [well, other], documents: [sampleApplication] }).streams(() => {
    opened.resolve();
    return channel;
  });
  const world = worldOf(plane, { terminal });
  const running = world.run(...line.split(' '));
  await Promise.race([running, opened.promise]);
  await world.clock.advance(10_000);
  for (const event of later) channel.push(event);
  for (let second = 0; second < 30; second++) await world.clock.advance(1_000);
  return running;
}

describe('wait', () => {
  it.each([
    ['what is so already', 'wait target checkout.dev.eu-1', { events: [added(well), bookmark] }],
    [
      'what comes to be so',
      'wait target/checkout.dev.eu-1 --for Healthy',
      { events: [added(ill), bookmark], later: [modified(well)] },
    ],
    [
      'what is made in the meantime',
      'wait target checkout.dev.eu-1 --for create',
      { events: [bookmark], later: [added(well)] },
    ],
    [
      'what goes away',
      'wait target checkout.dev.eu-1 --for delete',
      { events: [added(well), bookmark], later: [{ type: 'DELETED', kind: 'target', object: well }] },
    ],
  ] as const)('sees %s', async (_, line, story) => {
    const { code, out, err } = await waiting(line, story);
    expect([code, out, err]).toEqual([0, 'target/checkout.dev.eu-1 condition met\n', '']);
  });

  it('waits for all targets of an application', async () => {
    const story = { events: [added(ill), added(other), bookmark], later: [modified(well)] };
    const { code, out } = await waiting('wait application checkout', story);
    expect([code, out]).toEqual([
      0,
      'target/checkout.dev.eu-1 condition met\ntarget/checkout.production.eu-2 condition met\n',
    ]);
  });

  it('says after its time what did not get there, and why', async () => {
    const { code, out, err } = await waiting('wait targets --environment dev --timeout 20s', {
      events: [added(ill), added(other), bookmark],
    });
    expect([code, out, err]).toEqual([
      3,
      '',
      'error: not so after 20s: checkout.dev.eu-1: health is Degraded (ImagePullBackOff: no such image)\n',
    ]);
  });

  it('does not wait for what is over and came to something else', async () => {
    const object: RolloutView = {
      kind: 'Rollout',
      metadata: { uid: 'r1', name: 'checkout-dev-2b2b2b2b', project: 'default', createdAt: anHourAgo },
      spec: {
        application: 'checkout',
        environment: 'dev',
        release: 'c1',
        revision: '2b'.repeat(20),
        cause: 'tracking',
      },
      status: { state: 'Superseded', total: 2, arrived: 1, failing: 0 },
    };
    const { code, err } = await waiting('wait rollout checkout-dev-2b2b2b2b --timeout 10m', {
      events: [
        { type: 'ADDED', kind: 'rollout', object },
        { type: 'BOOKMARK', kind: 'rollout' },
      ],
    });
    expect([code, err]).toEqual([
      3,
      'error: it is over, and not so: checkout-dev-2b2b2b2b: state is Superseded; see: flotilla describe rollout checkout-dev-2b2b2b2b\n',
    ]);
  });

  it('looks once when it has no time', async () => {
    const { code, err } = await waiting('wait target checkout.dev.eu-1 --timeout 0', {
      events: [added(ill), bookmark],
    });
    expect([code, err.startsWith('error: not so now: ')]).toEqual([3, true]);
  });

  it('tells a waiting person how far it is, and nobody else', async () => {
    const story = { events: [added(ill), added(other), bookmark], later: [modified(well)] };
    const { err } = await waiting('wait application checkout', { ...story, terminal: true });
    expect(err).toContain('\r1 of 2 as they should be; checkout.dev.eu-1: health is Degraded');
    expect(err.endsWith('\r')).toBe(true);
  });

  it.each([
    ['a name that is not there', 'wait target checkout.dev.eu-9', 5, /did you mean checkout\.dev\.eu-1\?/],
    ['nothing of this kind', 'wait targets --application catalog', 5, /there are no such targets in project default/],
    ['a condition with a slip', 'wait target checkout.dev.eu-1 --for Helthy', 2, /did you mean Healthy\?/],
    ['a time that is none', 'wait target checkout.dev.eu-1 --timeout soon', 2, /It is a duration, such as 30s/],
    ['two applications', 'wait application checkout catalog', 2, /one application are waited for at a time/],
  ])('does not wait for %s', async (_, line, code, message) => {
    const outcome = await waiting(line, { events: [added(well), bookmark] });
    expect([outcome.code, outcome.out]).toEqual([code, '']);
    expect(outcome.err).toMatch(message);
  });
});
