import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations } from '@flotilla/contracts';
import { systemClock } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { percentile } from '../bench/figure.ts';
import { comeBack } from '../fleet/come-back.ts';
import { openFleetWorld, type FleetWorld } from '../fleet/fleet-world.ts';
import { lostTransitions } from '../fleet/lost-transitions.ts';
import { NatsReader } from '../fleet/nats-reader.ts';

/** Small enough for every run of the tests; `npm run bench -- screens --agents 1200` is the same at its own size. */
const agents = 120;
const watchers = 20;
const params = { project: 'default' };

describe('AT-36: a herd', () => {
  let world: FleetWorld;
  beforeAll(async () => void (world = await openFleetWorld({ agents, applications: 1 })));
  afterAll(() => world?.stop());

  it('that lost its broker comes back, and what changed meanwhile is stored', async () => {
    const since = systemClock.now();
    await world.plane.crashBroker(async () => void (await world.fleet.stir(agents / 2)));
    const { lost } = await comeBack(world, since, 60_000);
    const { lines, refusals } = await world.fleet.figures();
    expect({ lost, lines, refusals }).toEqual({ lost: 0, lines: agents, refusals: 0 });
  });

  it('that lost its control plane is heard again, and nothing it said is lost', async () => {
    const since = systemClock.now();
    await world.plane.crashServices();
    await world.fleet.stir(agents / 2);
    expect(await comeBack(world, since, 60_000)).toMatchObject({ lost: 0 });
  });

  it('takes a commit while webhooks storm and screens watch, and every screen is told', async () => {
    const leaving = new AbortController();
    const told = new Set<number>();
    const { commit } = await world.push();
    for (let screen = 0; screen < watchers; screen++)
      void watch(world, { told, screen, commit, signal: leaving.signal });
    const answered = await storm(world, 60);
    await world.settled(commit, 60_000);
    await until(() => told.size === watchers, { what: 'every screen to see the commit', timeoutMs: 30_000 });
    leaving.abort();
    const lost = await lostTransitions(world);
    expect({ told: told.size, lost, failed: answered.failed }).toEqual({ told: watchers, lost: 0, failed: 0 });
    // Printed and not judged: a figure is never a test.
    process.stdout.write(`the API answered at p95 in ${percentile(answered.tookMs, 0.95).toFixed(0)} ms\n`);
  });
});

it('what a broker says is understood in whatever pieces it comes', () => {
  const said =
    'INFO {"nonce":"n"}\r\nPING\r\nMSG fleet.c.down.set 1 5\r\nhello\r\nHMSG fleet.c.down.set 1 18 20\r\nNATS/1.0\r\na: b\r\n\r\n{}\r\nPONG\r\n-ERR \'no\'\r\n';
  const words = (pieces: readonly string[]) => {
    const reader = new NatsReader();
    return pieces
      .flatMap((piece) => [...reader.read(Buffer.from(piece))])
      .map((word) => ('data' in word ? { ...word, data: Buffer.from(word.data).toString() } : word));
  };
  const whole = words([said]);
  expect(whole.map(({ verb }) => verb)).toEqual(['INFO', 'PING', 'MSG', 'MSG', 'PONG', '-ERR']);
  expect(whole[3]).toEqual({
    verb: 'MSG',
    subject: 'fleet.c.down.set',
    head: 'NATS/1.0\r\na: b\r\n\r\n',
    data: '{}',
  });
  for (let cut = 1; cut < said.length; cut++) expect(words([said.slice(0, cut), said.slice(cut)])).toEqual(whole);
});

interface Watcher {
  readonly told: Set<number>;
  readonly screen: number;
  readonly commit: string;
  readonly signal: AbortSignal;
}

async function watch({ plane }: FleetWorld, { told, screen, commit, signal }: Watcher): Promise<void> {
  const client = new FlotillaClient({ server: plane.urls[0]!, token: plane.secrets.bootstrapToken });
  try {
    for await (const event of client.stream('default', ['count'], signal)) {
      if (JSON.stringify(event).includes(commit)) told.add(screen);
    }
  } catch {
    // The test is over, and hangs up.
  }
}

/** Pushes and questions, all at once, as long as it takes. */
async function storm({ plane, tell }: FleetWorld, times: number): Promise<{ tookMs: number[]; failed: number }> {
  const tookMs: number[] = [];
  let failed = 0;
  await Promise.all(
    Array.from({ length: times }, async () => {
      tell();
      const begun = performance.now();
      const page = { ...params };
      await plane.client.call(operations.listClusters, { params: page, query: { limit: 20 } }).catch(() => failed++);
      tookMs.push(performance.now() - begun);
    }),
  );
  return { tookMs, failed };
}
