import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations } from '@flotilla/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@flotilla/testing';
import { startDemo, type DemoProcess } from '../support/demo-process.ts';

const params = { project: 'default' };
const query = { application: 'checkout', limit: 500 };
const storyTimeoutMs = 400_000;

/** The demo plays the story by its own acts, which wait for what they tell; here it is asked what came of it. */
describe('the story of releases', () => {
  let place: TemporaryDirectory;
  let demo: DemoProcess | undefined;

  beforeEach(async () => {
    place = await temporaryDirectory('story');
  });

  afterEach(async () => {
    await demo?.child.stop();
    await place.remove();
  });

  const play = (...args: readonly string[]) =>
    (demo = startDemo({ directory: place.path, args: ['--story', ...args] }));
  const data = () => join(place.path, 'data');

  it(
    'walks in waves, stops a bad release in wave one, takes a later one back everywhere, and ends with Git repaired',
    { timeout: storyTimeoutMs },
    async () => {
      const story = play('--keep', '--data', data());
      await story.said(/The story is told/, storyTimeoutMs);
      const [, server, token] = await story.said(/FLOTILLA_SERVER=(\S+) FLOTILLA_TOKEN=(\S+)/);
      const client = new FlotillaClient({ server: server!, token: token! });
      const log = await commits(join(data(), 'git', 'shop.git'));
      const { revision, ...told } = await whatCameOf(client);
      expect({ ...told, head: revision === log[0]!.id, log: log.map(({ subject }) => subject) }).toEqual({
        rollouts: [
          ...walkOf('the first release'),
          ...walkOf('1.1.0'),
          'production promotion Superseded',
          ...walkOf('1.1.1'),
          ...walkOf('1.2.0'),
          ...walkOf('the repair'),
        ],
        wentBack: [
          // The commit that repairs Git enters dev by itself, and may take over before the way back was looked at again.
          expect.stringMatching(/^dev rollback (Finished|Superseded)$/),
          'production rollback Finished',
          'staging rollback Finished',
        ],
        halted: [
          expect.stringMatching(
            /^checkout \w+ in production: 1 failed, and at most 0 of the rollout may; go on with: flotilla rollout retry checkout\.production \(or resume, abort\)$/,
          ),
        ],
        waves: ['canary', 'third', 'rest'],
        repairs: ['Pushed to main'],
        pins: [],
        head: true,
        log: [
          expect.stringMatching(/^Take back checkout to \w+$/),
          'checkout 1.2.0',
          'checkout 1.1.1',
          'checkout 1.1.1, mistyped',
          'checkout 1.1.0',
          'ann agrees to what enters production',
          'first',
        ],
      });
      expect(story.output()).toMatch(/7 targets went back in \d\.\d s/);
      expect(story.output()).toContain('Verdict:  everything is as it was sealed');
    },
  );

  it('says what did not happen when it cannot be told to its end, and exits with it', async () => {
    const story = play('--data', data());
    await story.said(/The fleet comes up/, storyTimeoutMs);
    await rm(join(data(), 'story', 'bin', 'flotilla'));
    expect(await story.child.exited).toBe('exit code 1');
    expect(story.output()).toMatch(
      /The story ended early\. The fleet comes up: `flotilla .*` ended with exit code 127\nThe logs are in .*\nstopping\n$/,
    );
  });

  it('begins on a new fleet, and leaves alone whatever else it finds', async () => {
    await writeFile(join(place.path, 'mine.txt'), 'mine');
    const refused = play('--data', place.path);
    expect(await refused.child.exited).toBe('exit code 2');
    expect(refused.output()).toMatch(/the story begins with a new fleet, and .* is not empty; .*--data DIR/);
  });

  it.each([
    [['--check'], '--story and --check are two ways to walk'],
    [['--kubeconfig', 'a', '--context', 'b'], '--story plays on simulated clusters'],
  ])('refuses %j', async (args, message) => {
    const refused = play(...args);
    expect(await refused.child.exited).toBe('exit code 2');
    expect(refused.output()).toContain(message);
  });
});

/** What a release leaves that came to its end in every stage. */
function walkOf(_what: string): readonly string[] {
  return ['dev tracking Finished', 'staging promotion Finished', 'production promotion Finished'];
}

async function whatCameOf(client: FlotillaClient) {
  const { items: rollouts } = await client.call(operations.listRollouts, { params, query });
  const { items: repairs } = await client.call(operations.listRepairs, { params });
  const { items: targets } = await client.call(operations.listTargets, { params, query });
  const { items: halts } = await client.call(operations.listEvents, { params, query: { action: 'rollout.halt' } });
  const place = { ...params, application: 'checkout', environment: 'production' };
  const { waves } = await client.call(operations.getRollout, { params: place });
  const told = rollouts.map(({ spec, status }) => `${spec.environment} ${spec.cause} ${status.state}`);
  return {
    rollouts: told.filter((line) => !line.includes('rollback')).toReversed(),
    // They are of one order and of one moment.
    wentBack: told.filter((line) => line.includes('rollback')).toSorted(),
    halted: halts.map(({ message }) => message),
    waves: waves.map(({ name }) => name),
    repairs: repairs.map(({ spec, status }) => `${status.state} to ${spec.branch}`),
    pins: targets.filter(({ spec }) => spec.pin),
    revision: [...new Set(targets.map(({ status }) => status.revision))].join(),
  };
}

async function commits(repository: string) {
  const { stdout } = await promisify(execFile)('git', ['-C', repository, 'log', '--format=%H %s', 'main']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => ({ id: line.slice(0, 40), subject: line.slice(41) }));
}
