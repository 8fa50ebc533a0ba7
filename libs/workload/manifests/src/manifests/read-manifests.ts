import { parseYaml } from '../yaml/parse-yaml.ts';
import type { SourceProblem } from '../yaml/source-problem.ts';
import { expandLists, type WrittenObject } from './expand-lists.ts';
import { fillObject, type FillText } from './fill-object.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { done, type Outcome } from '@flotilla/foundation';
import { placeManifests, type PlaceOptions } from './place-manifests.ts';
import { readManifest } from './read-manifest.ts';

/** What could be read; with problems in it, the picture is not whole, and nothing may follow from it. */
export interface ReadManifests {
  /** In the order of their files and of their places in them. Complete only when there is no problem. */
  readonly manifests: readonly Manifest[];
  readonly problems: readonly SourceProblem[];
}

/** How files are read. */
export interface ReadOptions extends PlaceOptions {
  /** Fills the texts of every object that does not refuse it, before anything is made of them. */
  readonly fill?: FillText | undefined;
}

/** More objects than this are not one application. */
const manifestsMax = 5_000;

/**
 * Reads the Kubernetes manifests of an application: every `*.yaml`, `*.yml` and `*.json`, in folders as well, lists
 * taken apart, what only the server may set taken out. Every problem is reported; with one of them the picture is not
 * whole, and whoever applies or prunes must not go on.
 */
export function readManifests(files: readonly ManifestFile[], options: ReadOptions = {}): ReadManifests {
  const manifests: Manifest[] = [];
  const problems: SourceProblem[] = [];
  for (const file of manifestFiles(files)) {
    const read = readFile(file, options.fill);
    manifests.push(...read.manifests);
    problems.push(...read.problems);
    if (manifests.length <= manifestsMax) continue;
    problems.push({ file: file.path, message: `these are more than ${manifestsMax} objects; split the application` });
    return { manifests, problems };
  }
  const placed = placeManifests(manifests, options);
  return { manifests: placed.manifests, problems: [...problems, ...placed.problems] };
}

/** What is read, in one order on every machine. Names that begin with a dot belong to tools, not to the application. */
export function manifestFiles(files: readonly ManifestFile[]): ManifestFile[] {
  const chosen = files.filter(({ path }) => /\.(ya?ml|json)$/.test(path) && !/(^|\/)\.[^/]/.test(path));
  return chosen.toSorted((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));
}

function readFile(file: ManifestFile, fill: FillText | undefined): ReadManifests {
  const text = 'text' in file ? file.text : decoded(file.bytes);
  if (text === undefined) return { manifests: [], problems: [{ file: file.path, message: 'is not UTF-8 text' }] };
  const parsed = parseYaml(text, { file: file.path });
  const manifests: Manifest[] = [];
  const problems: SourceProblem[] = [...parsed.problems];
  for (const written of parsed.documents.flatMap(expandLists)) {
    const filled: Outcome<WrittenObject, readonly SourceProblem[]> = fill ? fillObject(written, fill) : done(written);
    const read = filled.ok ? readManifest(filled.value) : filled;
    if (read.ok) manifests.push(read.value);
    else problems.push(...read.reason);
  }
  return { manifests, problems };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
