import { describe, expect, it } from 'vitest';
import type { ChangedKind, StreamEvent } from '@flotilla/contracts';
import { Fault, type FaultCode } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { FlotillaClient } from './flotilla-client.ts';
import { followChanges, type FollowEvent } from './follow-changes.ts';

const encoder = new TextEncoder();

/** One line to the control plane, in the hands of a test. */
class Line {
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  readonly response = new Response(
    new ReadableStream<Uint8Array>({ start: (controller) => void (this.#controller = controller) }),
  );

  say(...events: (Partial<StreamEvent> & { type: StreamEvent['type'] })[]): this {
    for (const event of events) this.text(`data: ${JSON.stringify({ kind: 'target', ...event })}\n\n`);
    return this;
  }

  text(text: string): this {
    this.#controller.enqueue(encoder.encode(text));
    return this;
  }

  end(): this {
    this.#controller.close();
    return this;
  }

  cut(): this {
    this.#controller.error(new TypeError('terminated'));
    return this;
  }

  /** What a platform's `fetch` does when its signal aborts. */
  abortedBy(signal: AbortSignal): this {
    signal.addEventListener('abort', () => this.#controller.error(signal.reason));
    return this;
  }
}

/** Follows over these lines, or refusals, one after another, and keeps what it is told in short. */
function follow(lines: readonly (Line | Fault)[], kinds: readonly ChangedKind[] = ['target']) {
  const [clock, leaving] = [new VirtualClock(), new AbortController()];
  const [told, requests, triedAt]: [unknown[], RequestInit[], number[]] = [[], [], []];
  const begin = clock.now();
  const fetch = async (_: unknown, request: RequestInit = {}) => {
    const line = lines[requests.length];
    requests.push(request);
    triedAt.push(clock.now() - begin);
    if (line instanceof Fault) throw line;
    if (!line) return new Promise<Response>(() => undefined);
    return line.abortedBy(request.signal!).response;
  };
  const client = new FlotillaClient({ server: '', fetch: fetch as typeof globalThis.fetch });
  const options = { project: 'shop', kinds, clock, random: { next: () => 1 }, signal: leaving.signal };
  const following = (async () => {
    for await (const event of followChanges(client, options)) told.push(inShort(event));
  })();
  following.catch(() => undefined);
  return { clock, told, requests, triedAt, following, leave: () => leaving.abort() };
}

function inShort(event: FollowEvent): unknown {
  if (event.type === 'all') return `all ${event.kind} ${JSON.stringify(event.objects)}`;
  if (event.type === 'changed') return `changed ${event.kind} ${JSON.stringify(event.object)}`;
  if (event.type === 'gone') return `gone ${event.kind} ${event.uid}`;
  return `cut, again in ${event.retryMs} ms: ${event.fault.message}`;
}

const away = (code: FaultCode = 'unavailable') => new Fault({ code, reason: 'ServerUnreachable', message: 'away' });
const beginning = () => new Line().say({ type: 'ADDED', object: 'a' }, { type: 'BOOKMARK' });
const theEnd = 'the line to the control plane: the stream ended';

describe('following changes', () => {
  it('begins with everything of each kind at once, then tells each change', async () => {
    const line = new Line().say(
      { type: 'ADDED', object: 1 },
      { type: 'ADDED', object: 2 },
      { type: 'BOOKMARK' },
      { type: 'BOOKMARK', kind: 'cluster' },
      { type: 'MODIFIED', object: 3 },
      { type: 'ADDED', kind: 'cluster', object: 4 },
      { type: 'DELETED', object: { metadata: { uid: 'u' } } },
    );
    const { clock, told, leave } = follow([line], ['target', 'cluster']);
    await clock.advance(0);
    leave();
    expect(told).toEqual([
      'all target [1,2]',
      'all cluster []',
      'changed target 3',
      'changed cluster 4',
      'gone target u',
    ]);
  });

  it('tells when the line is cut, so that what is known shows as old, and tells everything anew once it stands', async () => {
    const { clock, told, triedAt, leave } = follow([
      beginning().end(),
      beginning().say({ type: 'MODIFIED', object: 'b' }),
    ]);
    await clock.advance(500);
    leave();
    expect({ told, triedAt }).toEqual({
      told: ['all target ["a"]', `cut, again in 500 ms: ${theEnd}`, 'all target ["a"]', 'changed target "b"'],
      triedAt: [0, 500],
    });
  });

  it('asks for no place to go on from: a line begins with what is true now, whichever replica it leads to', async () => {
    const { clock, requests, leave } = follow([beginning().end(), beginning()]);
    await clock.advance(500);
    leave();
    expect(requests.map(({ headers }) => headers)).toEqual([
      { accept: 'text/event-stream' },
      { accept: 'text/event-stream' },
    ]);
  });

  it('tries again with growing pauses, up to a bound, and from the shortest once a line has stood', async () => {
    const failing = Array.from({ length: 7 }, () => away());
    const { clock, triedAt, leave } = follow([beginning().end(), ...failing, beginning().end(), away()]);
    await clock.advance(120_000);
    leave();
    const pauses = triedAt.slice(1).map((at, index) => at - triedAt[index]!);
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 500, 1_000]);
  });

  it('takes a line on which nothing is heard for a dead one; a sign of life is enough', async () => {
    const line = beginning();
    const { clock, told, leave } = follow([line]);
    await clock.advance(40_000);
    line.text(': still here\n\n');
    await clock.advance(40_000);
    const before = [...told];
    await clock.advance(20_000);
    leave();
    expect({ before, after: told.slice(1) }).toEqual({
      before: ['all target ["a"]'],
      after: ['cut, again in 500 ms: the line to the control plane: nothing was heard for a while'],
    });
  });

  it('is cut by a network that breaks in the middle, in the words of the platform', async () => {
    const line = beginning();
    const { clock, told, leave } = follow([line]);
    await clock.advance(0);
    line.cut();
    await clock.advance(0);
    leave();
    expect(told.at(-1)).toBe('cut, again in 500 ms: the line to the control plane: terminated');
  });

  it('is cut by a problem in the stream, and says which', async () => {
    const line = beginning().say({ type: 'ERROR', object: { detail: 'the database does not answer' } });
    const { clock, told, leave } = follow([line]);
    await clock.advance(0);
    leave();
    expect(told.at(-1)).toBe('cut, again in 500 ms: the line to the control plane: the database does not answer');
  });

  it('is cut by an event that is none', async () => {
    const { clock, told, leave } = follow([beginning().text('data: {"type":"SURPRISE"}\n\n')]);
    await clock.advance(0);
    leave();
    expect(told.at(-1)).toMatch(/^cut, again in 500 ms/);
  });

  it.each<[string, (Line | Fault)[]]>([
    ['a server that was never reached', [away()]],
    ['a refusal at the first try', [away('unauthenticated')]],
    ['a refusal after the line has stood', [beginning().end(), away('forbidden')]],
  ])('ends with a fault for %s', async (_, lines) => {
    const { clock, following } = follow(lines);
    await clock.advance(1_000);
    await expect(following).rejects.toMatchObject({ message: 'away' });
  });

  it('ends without a word when its follower leaves, also in a pause', async () => {
    const { clock, following, told, leave } = follow([beginning().end()]);
    await clock.advance(100);
    leave();
    await following;
    expect(told.length).toBe(2);
  });
});
