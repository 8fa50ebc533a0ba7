import { describe, expect, it } from 'vitest';
import { planeWith, sampleApplication, sampleCluster, sampleTarget, worldOf } from '../testing/sample-fleet.ts';

const broken = { code: 'ImagePullBackOff', message: 'no such image' };
const plane = () =>
  planeWith({
    targets: [
      sampleTarget('checkout.dev.eu-1'),
      sampleTarget('checkout.production.eu-2', { status: { health: 'Degraded', reason: broken } }),
    ],
    clusters: [sampleCluster('eu-1', { region: 'eu' }), sampleCluster('us-1', { region: 'us' })],
    documents: [sampleApplication],
  });

async function out(...args: readonly string[]): Promise<string> {
  return (await worldOf(plane()).run('get', ...args)).out;
}

describe('get', () => {
  it('shows a table', async () => {
    expect(await out('targets')).toBe(
      [
        'NAME                       SYNC     HEALTH     REVISION   SINCE   REASON',
        'checkout.dev.eu-1          Synced   Healthy    1a2b3c4d   60m     <none>',
        'checkout.production.eu-2   Synced   Degraded   1a2b3c4d   60m     ImagePullBackOff',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['singular and by name', ['target', 'checkout.dev.eu-1', '-o', 'name'], 'target/checkout.dev.eu-1\n'],
    ['with a slash', ['tgt/checkout.dev.eu-1', '-o=name'], 'target/checkout.dev.eu-1\n'],
    ['narrowed', ['targets', '--health', 'degraded', '-o', 'name'], 'target/checkout.production.eu-2\n'],
    ['without headers', ['app', '--no-headers', '-o', 'custom-columns=N:.metadata.name'], 'checkout\n'],
    ['by a path', ['targets', '-o', 'jsonpath={.items[*].spec.cluster}'], 'eu-1 eu-2'],
    ['one as itself', ['target', 'checkout.dev.eu-1', '-o', 'jsonpath={.spec.cluster}'], 'eu-1'],
    ['sorted', ['clusters', '--sort-by', '.metadata.name', '-o', 'name'], 'cluster/eu-1\ncluster/us-1\n'],
    [
      'with labels',
      ['cluster', 'eu-1', '--no-headers', '--show-labels'],
      'eu-1   Connected   0   0/0   0/0   60m   60m   region=eu\n',
    ],
  ])('%s', async (_, args, expected) =>
    expect((await out(...args)).replace(/\n?$/, '\n')).toBe(expected.replace(/\n?$/, '\n')),
  );

  it('colours what a person sees on a terminal, unless NO_COLOR asks otherwise', async () => {
    const coloured = async (environment: Record<string, string>, ...more: readonly string[]) => {
      const world = worldOf(plane(), { terminal: true, environment });
      return (await world.run('get', 'targets', ...more)).out.includes('\u001b[31mDegraded\u001b[39m');
    };
    expect([
      await coloured({}),
      await coloured({ NO_COLOR: '1' }),
      await coloured({}, '--color', 'never'),
      await coloured({ NO_COLOR: '1' }, '--color', 'always'),
    ]).toEqual([true, false, false, true]);
  });

  it.each([
    [
      'a name with a slip',
      ['cluster', 'eu-11'],
      5,
      /^error: there is no cluster eu-11 in project default; did you mean eu-1\?\n$/,
    ],
    [
      'half a name of a target',
      ['target', 'checkout'],
      2,
      /^error: a target is named application\.environment\.cluster/,
    ],
    [
      'a filter that the noun does not know',
      ['clusters', '--health', 'Healthy'],
      2,
      /--health does not narrow clusters; these do: -l\n$/,
    ],
    ['a broken selector', ['clusters', '-l', 'a in b'], 2, /^error: -l: /],
    ['two nouns at once', ['target/a', 'cluster/b'], 2, /of one noun at a time/],
    ['secrets', ['credentials'], 2, /never read nor listed/],
    ['a format with a slip', ['targets', '-o', 'jsno'], 2, /did you mean json\?/],
  ])('refuses %s, and says the way out', async (_, args, code, message) => {
    const outcome = await worldOf(plane()).run('get', ...args);
    expect([outcome.code, outcome.out]).toEqual([code, '']);
    expect(outcome.err).toMatch(message);
  });

  it('says on the other line that there is nothing, so that data stays data', async () => {
    const outcome = await worldOf(planeWith({})).run('get', 'targets');
    expect(outcome).toEqual({ code: 0, out: '', err: 'no targets in project default\n' });
    expect(await worldOf(planeWith({})).run('get', 'targets', '-q')).toEqual({ code: 0, out: '', err: '' });
  });

  it('AT-27 shows what a cluster says, and does not obey it', async () => {
    const reason = { code: '\u001b[2J', message: 'a\u202eb' };
    const hostile = planeWith({ targets: [sampleTarget('checkout.dev.eu-1', { status: { reason } })] });
    const { out: text } = await worldOf(hostile, { terminal: true }).run(
      'get',
      'targets',
      '-o',
      'wide',
      '--color',
      'never',
    );
    expect(text).toMatch(/<U\+001B>\[2J {3}a<U\+202E>b\n$/);
    expect(text).not.toContain('\u001b');
  });

  it('AT-27 gives a program every letter, and a terminal none that it would obey', async () => {
    const reason = { code: 'X', message: '\u001b[2J\u202e\tb' };
    const hostile = planeWith({ targets: [sampleTarget('checkout.dev.eu-1', { status: { reason } })] });
    const args = ['get', 'targets', '-o', 'jsonpath={.items[0].status.reason.message}'];
    expect([
      (await worldOf(hostile).run(...args)).out,
      (await worldOf(hostile, { terminal: true }).run(...args)).out,
    ]).toEqual(['\u001b[2J\u202e\tb\n', '<U+001B>[2J<U+202E> b\n']);
  });
});
