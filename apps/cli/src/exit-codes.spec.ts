import { operations } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { FakeControlPlane, Refusal } from './testing/fake-control-plane.ts';
import { InMemoryWorld } from './testing/in-memory-world.ts';
import { worldOf } from './testing/sample-fleet.ts';

function refusing(status: number): FakeControlPlane {
  return new FakeControlPlane().on(operations.listClusters, () => {
    throw new Refusal(status, 'Refused', 'it is refused');
  });
}

describe('exit codes', () => {
  it.each([
    [401, 4],
    [403, 4],
    [404, 5],
    [409, 6],
    [422, 2],
    [413, 2],
    [429, 1],
    [500, 1],
    [503, 1],
    [504, 3],
  ])('an answer of %i ends with %i', async (status, code) => {
    const { code: ended, out, err } = await worldOf(refusing(status)).run('get', 'clusters');
    expect([ended, out, err.startsWith('error: it is refused\n')]).toEqual([code, '', true]);
  });

  it.each([
    ['nothing typed', [], 0],
    ['help', ['get', '--help'], 0],
    ['a version', ['--version'], 0],
    ['an unknown verb', ['gett', 'targets'], 2],
    ['an unknown flag', ['get', 'targets', '--helth', 'x'], 2],
    ['an unknown noun', ['get', 'tragets'], 2],
    ['a verb of a group that is left out', ['cluster'], 2],
    ['a missing argument', ['cluster', 'join'], 2],
    ['no control plane named', ['get', 'targets'], 2],
  ])('%s', async (_, args, code) => expect((await new InMemoryWorld().run(...args)).code).toBe(code));

  it('a failure of a verb that tells of differences is not taken for one', async () => {
    const plane = new FakeControlPlane().on(operations.listTargets, () => {
      throw new Refusal(503, 'Refused', 'it is refused');
    });
    expect((await worldOf(plane).run('diff', '--application', 'checkout')).code).toBe(2);
  });

  it('Ctrl-C ends with 130, whatever broke because of it', async () => {
    const plane = new FakeControlPlane();
    const world = worldOf(plane, { fetch: async () => Promise.reject(new DOMException('aborted', 'AbortError')) });
    world.interrupt();
    expect((await world.run('get', 'clusters')).code).toBe(130);
  });
});
