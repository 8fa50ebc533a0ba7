import { keyOfObject, objectId, objectTitle, type KubeObject, type ObjectKey } from '@flotilla/model';
import type { SourceProblem } from '../yaml/source-problem.ts';
import { definedKinds } from './defined-kinds.ts';
import { dependencyProblems } from './dependency-problems.ts';
import type { KnownKinds, Manifest, Scope } from './manifest.ts';

/** Which namespace is meant where none is written, and which kinds the cluster knows. */
export interface PlaceOptions {
  /** Where objects go that name no namespace and live in one; absent when it is decided later. */
  readonly namespace?: string;
  /** What the cluster knows of its kinds; what it does not know keeps the namespace that it is written with. */
  readonly kinds?: KnownKinds;
}

/** Manifests that know their namespace, and what stands in the way of the others. */
export interface PlacedManifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Gives every object the namespace it will live in, and refuses two that are the same object then, or that wait for each
 * other. Can be called again when more kinds are known; kinds that the manifests define themselves are known from the start.
 */
export function placeManifests(manifests: readonly Manifest[], options: PlaceOptions): PlacedManifests {
  const defined = definedKinds(manifests);
  const placed = manifests.map((manifest) => {
    const scope = options.kinds?.(manifest.key) ?? defined(manifest.key);
    return inNamespace(manifest, namespaceFor(manifest.key, scope, options.namespace));
  });
  // Before the cluster was asked, an object may not have the namespace yet by which another one names it.
  const problems = [...repeated(placed), ...(options.kinds ? dependencyProblems(placed) : [])];
  return { manifests: placed, problems };
}

/** A kind that nobody knows keeps what is written; the server will have its say. */
function namespaceFor(key: ObjectKey, scope: Scope | undefined, namespace?: string): string | undefined {
  if (scope === 'cluster') return undefined;
  return key.namespace ?? (scope === 'namespaced' ? namespace : undefined);
}

function inNamespace(manifest: Manifest, namespace: string | undefined): Manifest {
  if (manifest.key.namespace === namespace) return manifest;
  const { namespace: _, ...metadata } = manifest.object.metadata;
  const object: KubeObject = { ...manifest.object, metadata: { ...metadata, ...(namespace && { namespace }) } };
  return { ...manifest, object, key: keyOfObject(object) };
}

function repeated(manifests: readonly Manifest[]): SourceProblem[] {
  const first = new Map<string, Manifest>();
  return manifests.flatMap((manifest) => {
    const { key, file, line } = manifest;
    const other = first.get(objectId(key));
    if (!other) {
      first.set(objectId(key), manifest);
      return [];
    }
    const message = `is written twice; it stands in ${other.file}:${other.line} as well`;
    return [{ file, line, message, document: objectTitle(key) }];
  });
}
