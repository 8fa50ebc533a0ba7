import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mapLimited, seededRandom, systemClock } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { hostileRequest } from '../support/hostile-requests.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { processFigures } from '../support/process-figures.ts';

/** `FUZZ_REQUESTS=1000000 npm test -- apps/e2e/src/integration/doors.spec.ts` for a long night; the seed is printed when it fails. */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 20_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const halfOpen = 10_000;
const socketsMax = 128;
const mebibyte = 1024 * 1024;
/** Who sends half a request gets no answer; whoever gets one gets it by then, also on a machine that is busy. */
const patienceMs = 150;

let plane: PlaneFixture;
/** Every other request goes to the API, which does most with it; the ports for probes share the rest. */
let ports: readonly number[];
let pids: readonly number[];

beforeAll(async () => {
  plane = await startPlane();
  const gateway = Number(new URL(plane.urls[0]!).port);
  ports = Object.values(plane.healthPorts).flatMap((probes) => [gateway, ...probes]);
  pids = Object.values(plane.services).flatMap((children) => children.map(({ pid }) => pid));
});
afterAll(() => plane?.stop());

const sum = (name: 'files' | 'residentBytes') =>
  pids.reduce((total, pid) => total + (processFigures(pid)?.[name] ?? Number.NaN), 0);

/** Sends bytes and reads until there is an answer, or until nothing comes; the status, or 0 for none. */
async function send(port: number, { bytes, isCut }: { bytes: Uint8Array; isCut: boolean }): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  try {
    socket.write(bytes);
    if (isCut) return await once(socket, 'connect').then(() => 0);
    const patience = AbortSignal.timeout(patienceMs);
    const [answer] = (await once(socket, 'data', { signal: patience })) as [Buffer];
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.toString('latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  } finally {
    socket.destroy();
  }
}

async function areAllAlive(): Promise<boolean> {
  const answers = await Promise.all(ports.map((port) => fetch(`http://127.0.0.1:${port}/livez`).then(({ ok }) => ok)));
  return answers.every(Boolean) && pids.every((pid) => processFigures(pid) !== undefined);
}

it(`AT-30: ${requests} hostile requests (FUZZ_SEED=${seed}) at every port end no process, open nothing for good, and are no fault of ours`, async () => {
  const random = seededRandom(seed);
  const all = Array.from({ length: requests }, (_, index) => ({
    port: ports[index % ports.length]!,
    ...hostileRequest(random),
  }));
  // Caches fill and code is compiled while the first of them come in: what grows after that would grow for ever.
  await mapLimited(all.slice(0, requests / 4), socketsMax, (request) => send(request.port, request));
  await until(areAllAlive, { what: 'every port to answer' });
  const before = { files: sum('files'), bytes: sum('residentBytes') };
  const statuses = await mapLimited(all.slice(requests / 4), socketsMax, (request) => send(request.port, request));
  await until(() => sum('files') <= before.files + 5, {
    what: 'every file to be closed',
    timeoutMs: 40_000,
    intervalMs: 200,
  });
  const counts = Map.groupBy(statuses, (status) => Math.floor(status / 100));
  const grown = (sum('residentBytes') - before.bytes) / mebibyte;
  expect([
    await areAllAlive(),
    counts.get(5),
    (counts.get(4)?.length ?? 0) > requests / 10,
    grown < 200 || grown,
  ]).toEqual([true, undefined, true, true]);
});

it(`AT-30: ${halfOpen} sockets that say nothing, half of it, or go away without a word leave nothing open`, async () => {
  const before = sum('files');
  const beginnings = [
    '',
    'G',
    'POST /api/v1/enrol HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{',
    'GET / HTTP/1.1\r\nHost:',
  ];
  for (let round = 0; round < 10; round++) {
    const sockets: Socket[] = [];
    for (let index = 0; index < halfOpen / 10; index++) {
      const socket = connect(ports[index % ports.length]!, '127.0.0.1');
      socket.on('error', () => undefined).write(beginnings[index % beginnings.length]!);
      sockets.push(socket);
    }
    await systemClock.sleep(50);
    for (const [index, socket] of sockets.entries())
      if (index % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
  }
  await until(() => sum('files') <= before + 5, {
    what: 'every file to be closed',
    timeoutMs: 40_000,
    intervalMs: 200,
  });
  expect(await areAllAlive()).toBe(true);
});
