import type { ValuePath } from '@flotilla/workload-manifests';

/** What kustomize may find at a place that names something: what is taken apart further depends on it. */
export type EntryUse = 'folder or file' | 'file' | 'plugins';

/** One place of a kustomization that names something to be read. */
export interface KustomizationEntry {
  readonly path: ValuePath;
  readonly text: string;
  readonly use: EntryUse;
}

/** Fields, from the outside in, whose texts kustomize reads as names. Lists on the way are gone through. */
const naming: readonly (readonly [use: EntryUse, ...fields: string[]])[] = [
  ['folder or file', 'resources'],
  ['folder or file', 'components'],
  ['folder or file', 'bases'],
  ['plugins', 'generators'],
  ['plugins', 'transformers'],
  ['plugins', 'validators'],
  ['file', 'crds'],
  ['file', 'configurations'],
  ['file', 'openapi', 'path'],
  ['file', 'patches', 'path'],
  ['file', 'patchesJson6902', 'path'],
  ['file', 'patchesStrategicMerge'],
  ['file', 'replacements', 'path'],
];

/** Generators name files as `key=path`, here and in configurations of their own. */
const generating = ['files', 'envs', 'env', 'path', 'paths'];
const generators = ['configMapGenerator', 'secretGenerator'];

/** Fields that make kustomize run helm, which fetches charts. */
const running = ['helmCharts', 'helmChartInflationGenerator', 'helmGlobals'];

/** Everything that a kustomization names. */
export function entriesOf(kustomization: unknown): KustomizationEntry[] {
  const whole = { path: [], value: kustomization };
  const named = naming.flatMap(([use, ...fields]) => entriesAt(whole, fields, use));
  return [...named, ...generators.flatMap((name) => field(whole, name).flatMap(items).flatMap(generatorEntries))];
}

/** Everything that the configuration of one of kustomize's own plugins names. */
export function pluginEntries(configuration: unknown): KustomizationEntry[] {
  return generatorEntries({ path: [], value: configuration });
}

/** Where a kustomization asks for helm. */
export function helmFields(kustomization: unknown): ValuePath[] {
  return running.flatMap((name) => field({ path: [], value: kustomization }, name)).map(({ path }) => path);
}

interface Located {
  readonly path: ValuePath;
  readonly value: unknown;
}

function generatorEntries(generator: Located): KustomizationEntry[] {
  return generating
    .flatMap((name) => entriesAt(generator, [name], 'file'))
    .map((entry) => ({ ...entry, text: entry.text.slice(entry.text.indexOf('=') + 1) }));
}

function entriesAt(from: Located, fields: readonly string[], use: EntryUse): KustomizationEntry[] {
  const found = fields.reduce((located, name) => located.flatMap((one) => field(one, name).flatMap(items)), [from]);
  return found.flatMap(({ path, value }) => (typeof value === 'string' ? [{ path, text: value, use }] : []));
}

/** Go reads fields without regard to case, so what is written `Resources` is one of them as well. */
function field({ path, value }: Located, name: string): Located[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const entries = Object.entries(value).filter(([key]) => key.toLowerCase() === name.toLowerCase());
  return entries.map(([key, inner]) => ({ path: [...path, key], value: inner }));
}

function items(located: Located): Located[] {
  if (!Array.isArray(located.value)) return [located];
  return located.value.map((value: unknown, index) => ({ path: [...located.path, index], value }));
}
