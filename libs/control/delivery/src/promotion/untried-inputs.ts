import type { ReleaseFacts } from '../facts.ts';
import type { UntriedInput } from './stage-standing.ts';

/**
 * The inputs of a release in an environment that changed there and that no stage before it ever ran: what was tested
 * says nothing of them. Releases of versions that did not keep what they were made of show none.
 */
export function untriedInputs(
  environment: string,
  release: ReleaseFacts,
  { after, runs }: { readonly after: readonly string[]; readonly runs: ReleaseFacts | undefined },
): UntriedInput[] {
  const tried = new Set(after.flatMap((each) => inputsOf(release, each)).map(idOf));
  const before = new Set(runs ? inputsOf(runs, environment).map(idOf) : []);
  return inputsOf(release, environment).filter((input) => !tried.has(idOf(input)) && !before.has(idOf(input)));
}

function inputsOf({ contents }: ReleaseFacts, environment: string): UntriedInput[] {
  const { source, trees } = contents[environment] ?? {};
  if (!source || !trees) return [];
  return [source.path, ...(source.also ?? [])].map((path, place) => {
    const tree = trees[place];
    return { path, ...(tree && { tree }) };
  });
}

function idOf({ path, tree = '' }: UntriedInput): string {
  return `${path} ${tree}`;
}
