import type { ReleaseFacts } from '../facts.ts';
import { settingLeaves } from '../plan/setting-leaves.ts';
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

/**
 * The settings of rendering, as `render.substitute.size`, that changed in an environment and that no stage before it has
 * as they are now. Their values are nobody's to read here.
 */
export function untriedSettings(
  environment: string,
  release: ReleaseFacts,
  { after, runs }: { readonly after: readonly string[]; readonly runs: ReleaseFacts | undefined },
): string[] {
  const now = settingsOf(release, environment);
  const before = runs ? settingsOf(runs, environment) : new Map<string, string>();
  const elsewhere = after.map((each) => settingsOf(release, each));
  const isUntried = (name: string) =>
    now.get(name) !== before.get(name) && elsewhere.every((settings) => settings.get(name) !== now.get(name));
  return [...new Set([...now.keys(), ...before.keys()])].filter(isUntried).toSorted();
}

function settingsOf({ contents }: ReleaseFacts, environment: string): ReadonlyMap<string, string> {
  return settingLeaves({ render: contents[environment]?.render });
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
