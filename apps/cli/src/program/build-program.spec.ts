import { describe, expect, it } from 'vitest';
import { InMemoryWorld } from '../testing/in-memory-world.ts';
import { chapters } from '../verbs.ts';
import { buildProgram, type Call } from './build-program.ts';
import { readArguments } from './read-arguments.ts';
import type { VerbEntry } from './verb.ts';

interface Named {
  readonly path: readonly string[];
  readonly entry: VerbEntry;
}

const verbs = chapters
  .flatMap((chapter) => chapter.verbs)
  .flatMap((one): Named[] => {
    if ('load' in one) return [{ path: [one.name], entry: one }];
    return one.verbs.map((entry) => ({ path: [one.name, entry.name], entry }));
  });

/** The words of an example, as a shell would hand them over to us. */
function wordsOf(example: string): string[] {
  const own = example.replace(/<\(.*\)/, 'file').replace(/ [|<>] .*$/, '');
  return [...own.matchAll(/"([^"]*)"|((?:[^\s"']|'[^']*')+)/g)].map(
    ([, quoted, bare = '']) => quoted ?? bare.replaceAll("'", ''),
  );
}

async function parsed(words: readonly string[]): Promise<Call | undefined> {
  let call: Call | undefined;
  const program = buildProgram({ chapters, world: new InMemoryWorld(), onCall: (made) => (call = made) });
  await program.parseAsync(readArguments(words), { from: 'user' });
  return call;
}

describe('the command line', () => {
  it.each(verbs.map(({ path, entry }) => [path.join(' '), path, entry] as const))(
    'has examples of %s that are understood',
    async (_, path, entry) => {
      const { examples } = await entry.load();
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const words = wordsOf(example);
        expect([example, words.slice(0, path.length)]).toEqual([example, path]);
        expect([example, (await parsed(words)) !== undefined]).toEqual([example, true]);
      }
    },
  );

  it('shows examples first, and calls itself what it was called', async () => {
    const environment = { FLOTILLA_CALLED_AS: 'kubectl flotilla' };
    const { code, out } = await new InMemoryWorld({ environment }).run('explain', '--help');
    expect([code, out.startsWith('Examples:\n  kubectl flotilla explain target ')]).toEqual([0, true]);
    expect(out).toContain('Usage: kubectl flotilla explain [options] <noun> <name...>');
  });

  it('says of a verb that tells of differences what its exit codes mean', async () => {
    const tells = async (verb: string) =>
      (await new InMemoryWorld().run(verb, '--help')).out.includes('with 1 when there is');
    expect([await tells('plan'), await tells('diff'), await tells('get')]).toEqual([true, true, false]);
  });

  it('hides what is for shells', async () => {
    expect((await new InMemoryWorld().run('--help')).out).not.toContain('__complete');
  });

  it('names in the help of a verb what the verb is for', async () => {
    expect((await new InMemoryWorld().run('get', '--help')).out).toMatch(
      /noun +targets, applications, [^]*,\s+deadletters, tokens\n/,
    );
    expect((await new InMemoryWorld().run('explain', '--help')).out).toMatch(
      /noun +target, application, environment, cluster, stage, rollout, rollback,\s+repair\n/,
    );
  });

  it('takes flags before the verb and after it; what stands after wins', async () => {
    const call = await parsed(['-p', 'first', 'get', 'targets', '--project', 'second', '-q']);
    expect(call?.session.flags).toEqual({ project: 'second', quiet: true });
  });

  it.each([
    [['gte'], /unknown command 'gte'\n\(Did you mean get\?\)/],
    [['get', 'targets', '--enviroment', 'a'], /Did you mean --environment\?/],
    [['get', 'targets', '--sync', 'Sinced'], /Did you mean Synced\?/],
    [['cluster', 'jion'], /Did you mean join\?/],
    [['explain', 'target'], /missing required argument 'name'\nflotilla explain --help shows what it takes\n$/],
    [['cluster', 'join'], /missing required argument 'name'\nflotilla cluster join --help shows what it takes\n$/],
  ])('%j is told what was meant', async (args, message) => {
    const { code, err } = await new InMemoryWorld().run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
