import { describe, expect, it } from 'vitest';
import { scripts, shells } from '../completion/scripts.ts';
import { InMemoryWorld } from '../testing/in-memory-world.ts';
import { planeWith, sampleApplication, sampleCluster, sampleTarget, worldOf } from '../testing/sample-fleet.ts';

const fleet = {
  targets: [sampleTarget('checkout.dev.eu-1'), sampleTarget('checkout.production.eu-2')],
  clusters: [sampleCluster('eu-1'), sampleCluster('us-1')],
  documents: [sampleApplication],
};

async function candidates(...words: readonly string[]): Promise<string[]> {
  const { out } = await worldOf(planeWith(fleet)).run('__complete', ...words);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t')[0]!);
}

describe('what may be typed next', () => {
  it.each([
    ['a verb', ['de'], ['describe', 'delete', 'deadletter']],
    ['a verb of a group', ['cluster', ''], ['join', 'forget', 'label', 'revoke']],
    ['nothing after an unknown verb', ['nothing', ''], []],
    ['a noun', ['get', 'tar'], ['targets']],
    ['a noun that the verb is for', ['suspend', ''], ['target', 'application', 'environment', 'cluster']],
    ['a name', ['get', 'targets', 'checkout.p'], ['checkout.production.eu-2']],
    ['a name that is not there yet', ['get', 'clusters', 'eu-1', ''], ['us-1']],
    ['an option', ['get', 'targets', '--no'], ['--no-headers']],
    ['an option of every verb', ['get', '--tok'], ['--token-file']],
    ['a word for an option', ['get', 'targets', '--color', 'a'], ['auto', 'always']],
    ['a format', ['get', 'targets', '-o', 'js'], ['json', 'jsonpath=']],
    ['a format of a verb that has few', ['explain', '-o', ''], ['json', 'yaml']],
    ['a name for an option', ['sync', '--application', ''], ['checkout']],
    ['a name after options with values', ['get', '-o', 'json', 'clusters', 'e'], ['eu-1']],
    ['a shell', ['completion', 'f'], ['fish']],
  ])('%s', async (_, words, expected) => expect(await candidates(...words)).toEqual(expected));

  it('says what each is', async () => {
    const { out } = await new InMemoryWorld().run('__complete', 'expl');
    expect(out).toBe('explain\tsay why something is as it is\n');
  });

  it('stays silent when it cannot know', async () => {
    const outcome = await new InMemoryWorld().run('__complete', 'get', 'targets', '');
    expect(outcome).toEqual({ code: 0, out: '', err: '' });
  });

  it('hears the flags that were typed already', async () => {
    const plane = planeWith(fleet);
    await worldOf(plane).run('__complete', 'get', 'targets', '-p', 'shop', '');
    expect(plane.asked).toEqual(['GET /api/v1/projects/shop/targets?limit=500']);
  });

  it('AT-27 puts names of others into a shell as they can be seen', async () => {
    const hostile = planeWith({ clusters: [sampleCluster('a\u001b[2J\nb')] });
    const { out } = await worldOf(hostile).run('__complete', 'get', 'clusters', '');
    expect(out).toBe('a<U+001B>[2J b\n');
  });
});

describe('completion', () => {
  it.each(shells)('writes the script of %s', async (shell) => {
    const outcome = await new InMemoryWorld().run('completion', shell);
    expect(outcome).toEqual({ code: 0, out: scripts[shell], err: '' });
    expect(outcome.out).toContain('flotilla __complete ');
  });

  it('names the shells that there are', async () => {
    const { code, err } = await new InMemoryWorld().run('completion', 'tcsh');
    expect([code, err]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish, powershell')]);
  });
});
