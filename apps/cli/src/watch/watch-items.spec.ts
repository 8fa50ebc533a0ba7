import type { StreamEvent, TargetView } from '@flotilla/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { hearOut, PlayedStreams } from '../testing/played-streams.ts';
import { planeWith, sampleApplication, sampleTarget, worldOf } from '../testing/sample-fleet.ts';

const first = sampleTarget('checkout.dev.eu-1');
const second = sampleTarget('catalog.dev.eu-1');
const ill = sampleTarget('checkout.dev.eu-1', { status: { health: 'Degraded' } });

const added = (object: TargetView): StreamEvent => ({ type: 'ADDED', kind: 'target', object });
const modified = (object: TargetView): StreamEvent => ({ type: 'MODIFIED', kind: 'target', object });
const deleted = (object: TargetView): StreamEvent => ({ type: 'DELETED', kind: 'target', object });
const bookmark: StreamEvent = { type: 'BOOKMARK', kind: 'target' };

/** Watches through these streams, one after another, and leaves when the last event has been shown. */
async function watch(args: readonly string[], ...streams: readonly (readonly StreamEvent[])[]) {
  const played = new PlayedStreams(...streams);
  const plane = planeWith({ targets: [first, second], documents: [sampleApplication] }).streams(() => played.open());
  const world = worldOf(plane);
  const running = world.run('get', ...args);
  await hearOut(world, running, played);
  world.interrupt();
  return running;
}

// Read from disk when it is first needed, and disks take real time.
beforeAll(async () => void (await import('yaml')));

describe('get -w', () => {
  it('shows what there is and then each change under the same headings, until Ctrl-C', async () => {
    const events = [added(first), added(second), bookmark, modified(ill)];
    expect(await watch(['targets', '-w'], events)).toEqual({
      code: 130,
      out: `NAME                SYNC     HEALTH    REVISION   SINCE   REASON
checkout.dev.eu-1   Synced   Healthy   1a2b3c4d   60m     <none>
catalog.dev.eu-1    Synced   Healthy   1a2b3c4d   60m     <none>
checkout.dev.eu-1   Synced   Degraded   1a2b3c4d   60m     <none>
`,
      err: '',
    });
  });

  it('does not repeat a row because time went by', async () => {
    const since = { status: { since: '2025-12-31T23:30:00.000Z' } };
    const { out } = await watch(
      ['targets', '-w', '--no-headers'],
      [added(first), bookmark, modified(sampleTarget('checkout.dev.eu-1', since))],
    );
    expect(out.match(/\n/g)).toHaveLength(1);
  });

  it('goes on over a cut line, says so beside the data, and shows only what changed meanwhile', async () => {
    const outcome = await watch(
      ['targets', '-w', '-o', 'name'],
      [added(first), added(second), bookmark],
      [added(second), added(ill), bookmark],
    );
    expect(outcome.out).toBe('target/checkout.dev.eu-1\ntarget/catalog.dev.eu-1\ntarget/checkout.dev.eu-1\n');
    expect(outcome.err).toBe(
      'the line to the control plane: the stream ended; what is shown may be old. Trying again in 1s\n',
    );
  });

  it('says what is gone, and shows what left because of its new state', async () => {
    const events = [added(first), added(second), bookmark, modified(ill), deleted(second)];
    const outcome = await watch(['targets', '-w', '--health', 'Healthy', '-o', 'jsonpath={.status.health} '], events);
    expect(outcome.out.split(/\s+/)).toEqual(['Healthy', 'Healthy', 'Degraded', '']);
    expect(outcome.err).toBe(
      'target/checkout.dev.eu-1 is no longer among these\ntarget/catalog.dev.eu-1 is no longer among these\n',
    );
  });

  it('tells a program what each change is', async () => {
    const events = [added(first), bookmark, modified(ill), deleted(ill)];
    const { out } = await watch(['targets', '--watch-only', '--output-watch-events', '-o', 'yaml'], events);
    expect(out.match(/^type: .*/gm)).toEqual(['type: MODIFIED', 'type: DELETED']);
  });

  it('asks again for what an event does not carry', async () => {
    const count = { application: 'checkout', environment: 'dev', total: 2, sync: {}, health: {} };
    const { out } = await watch(
      ['applications', '-w', '--no-headers'],
      [
        { type: 'ADDED', kind: 'document', object: sampleApplication },
        { type: 'BOOKMARK', kind: 'document' },
        { type: 'BOOKMARK', kind: 'count' },
        { type: 'MODIFIED', kind: 'count', object: count },
      ],
    );
    expect(out).toBe('checkout   standard   shop   2   2/2   1/2   60m   <none>\n');
  });

  it.each([
    ['a name that is not there', ['target', 'checkout.dev.eu-9', '-w'], 5, /did you mean checkout\.dev\.eu-1\?/],
    ['a noun without a stream', ['releases', '-w'], 2, /^error: releases cannot be followed/],
    ['several projects', ['targets', '-w', '-A'], 2, /one project is followed at a time/],
    ['watch events in a table', ['targets', '-w', '--output-watch-events'], 2, /needs -o json or -o yaml/],
  ])('refuses %s', async (_, args, code, message) => {
    const outcome = await watch(args, [added(first), bookmark]);
    expect([outcome.code, outcome.out]).toEqual([code, '']);
    expect(outcome.err).toMatch(message);
  });

  it('AT-27 shows what streams in, and does not obey it', async () => {
    const hostile = sampleTarget('checkout.dev.eu-1', { status: { reason: { code: '\u001b[2J', message: '' } } });
    const { out } = await watch(['targets', '-w', '--no-headers'], [added(hostile), bookmark]);
    expect(out).toContain('<U+001B>[2J');
    expect(out).not.toContain('\u001b');
  });
});
