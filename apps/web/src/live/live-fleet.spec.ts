import { afterEach, describe, expect, it } from 'vitest';
import type { StreamEvent } from '@flotilla/contracts';
import { seededRandom, type Running } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { targetOf } from '../mock/factories.ts';
import { LiveFleet } from './live-fleet.ts';
import { liveKinds } from './live-state.ts';

/** A control plane of one endpoint: what it says on the newest line is in the hands of the test. */
class StreamTwin {
  readonly lines: ReadableStreamDefaultController<Uint8Array>[] = [];
  answer: 'stream' | 401 | 403 | 503 | 'nobody' = 'stream';

  readonly fetch: typeof globalThis.fetch = async (_, init) => {
    if (this.answer === 'nobody') throw new TypeError('fetch failed');
    if (this.answer !== 'stream') return new Response('{}', { status: this.answer });
    const body = new ReadableStream<Uint8Array>({
      start: (line) => {
        this.lines.push(line);
        init?.signal?.addEventListener('abort', () => line.error(init.signal?.reason));
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };

  say(text: string): void {
    this.lines.at(-1)!.enqueue(new TextEncoder().encode(text));
  }

  tell(...events: StreamEvent[]): void {
    for (const event of events) this.say(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  tellEverything(...targets: ReturnType<typeof targetOf>[]): void {
    this.tell(...targets.map((object) => ({ type: 'ADDED' as const, kind: 'target' as const, object })));
    this.tell(...liveKinds.map((kind) => ({ type: 'BOOKMARK' as const, kind })));
  }
}

const target = targetOf({ application: 'checkout', environment: 'dev', cluster: 'dev-1' }, 'a'.repeat(40), 0);
let following: Running | undefined;
afterEach(() => following?.stop());

function scene(firstAnswer: StreamTwin['answer'] = 'stream') {
  const clock = new VirtualClock(0);
  const twin = new StreamTwin();
  twin.answer = firstAnswer;
  const refusals: number[] = [];
  const fleet = new LiveFleet({
    token: 't',
    project: 'default',
    fetch: twin.fetch,
    clock,
    random: seededRandom(1),
    nextFrame: () => clock.sleep(16),
    onRefused: () => void refusals.push(clock.now()),
  });
  following = fleet.follow();
  /** Lets some time pass, and what was said arrive. */
  const pass = async (ms: number) => {
    await clock.advance(ms);
    await new Promise(setImmediate);
    await clock.advance(16);
  };
  const seen = () => ({ line: fleet.state.line, targets: [...fleet.state.target.items.keys()] });
  return { clock, twin, fleet, refusals, pass, seen };
}

const live = { line: { phase: 'live' }, targets: [target.metadata.uid] };

describe('the live fleet', () => {
  it('shows what the stream tells without being asked again, once a frame', async () => {
    const { twin, fleet, pass, seen } = scene();
    let paints = 0;
    fleet.subscribe(() => paints++);
    await pass(1);
    twin.tellEverything(target);
    await pass(1);
    const first = seen();
    twin.tell({ type: 'DELETED', kind: 'target', object: { metadata: { uid: target.metadata.uid } } });
    await pass(1);
    expect([first, seen(), paints]).toEqual([live, { ...live, targets: [] }, 2]);
  });

  it('says since when it is stale when the line ends, keeps what it knew, and finds its way back', async () => {
    const { clock, twin, pass, seen } = scene();
    await pass(1);
    const soundAtMs = clock.now();
    twin.tellEverything(target);
    await pass(60);
    twin.answer = 'nobody';
    twin.lines.at(-1)!.close();
    await pass(1);
    const cut = seen();
    await pass(30_000);
    const stillCut = seen();
    twin.answer = 'stream';
    await pass(15_000);
    twin.tellEverything(target);
    await pass(1);
    const stale = (problem: string) => ({
      ...live,
      line: { phase: 'cut', staleSinceMs: soundAtMs, problem: expect.stringContaining(problem) },
    });
    expect([cut, stillCut, seen()]).toEqual([stale('ended'), stale('cannot be reached'), live]);
  });

  it('takes a line without a sound for dead, stale since the last sound; heartbeats keep it alive', async () => {
    const { clock, twin, pass, seen } = scene();
    await pass(1);
    twin.tellEverything(target);
    await pass(30_000);
    const soundAtMs = clock.now();
    twin.say(': heartbeat\n\n');
    await pass(40_000);
    const alive = seen();
    twin.answer = 'nobody';
    await pass(20_000);
    const line = { phase: 'cut', staleSinceMs: soundAtMs, problem: expect.any(String) };
    expect([alive, seen()]).toEqual([live, { ...live, line }]);
  });

  it.each([403, 503, 'nobody'] as const)('goes on trying when the first answer is %s', async (answer) => {
    const { twin, pass, seen } = scene(answer);
    await pass(1);
    twin.answer = 'stream';
    await pass(15_000);
    twin.tellEverything(target);
    await pass(1);
    expect(seen()).toEqual(live);
  });

  it('says once that its token is refused, and tries no more', async () => {
    const { twin, refusals, pass } = scene();
    await pass(1);
    twin.tellEverything(target);
    twin.answer = 401;
    twin.lines.at(-1)!.close();
    await pass(600_000);
    expect([refusals.length, twin.lines.length]).toEqual([1, 1]);
  });
});
