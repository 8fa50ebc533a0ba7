import { done, refused, type Outcome } from '@flotilla/foundation';
import type { Variables } from '@flotilla/model';
import {
  readManifests,
  type KnownKinds,
  type Manifest,
  type ManifestFile,
  type SourceProblem,
} from '@flotilla/workload-manifests';
import { substitute } from './substitute/substitute.ts';

/** What is to be made of what was rendered, whoever rendered it. */
export interface ReadingOptions {
  /** Where objects go that name no namespace and live in one, as far as `kinds` tells; both may be told later. */
  readonly namespace?: string;
  readonly kinds?: KnownKinds;
  /** What `${…}` may name in what was rendered; without them it is left as it is. */
  readonly variables?: Variables | undefined;
}

/** The manifests of a target, and whether there were none at all. */
export interface Rendered {
  readonly manifests: readonly Manifest[];
  /** Nothing came out. Whether that is meant is for the caller to decide: it never means "delete everything". */
  readonly empty: boolean;
}

/**
 * Reads what a renderer made, the files of a folder or what a program printed, and fills it where that is wanted. A name
 * that is not set is a problem like any other: with one there is no result.
 */
export function readRendered(
  files: readonly ManifestFile[],
  { namespace, kinds, variables }: ReadingOptions,
): Outcome<Rendered, readonly SourceProblem[]> {
  const { manifests, problems } = readManifests(files, {
    ...(namespace !== undefined && { namespace }),
    ...(kinds && { kinds }),
    ...(variables && { fill: (text) => substitute(text, variables, { undefined: 'strict' }) }),
  });
  return problems.length > 0 ? refused(problems) : done({ manifests, empty: manifests.length === 0 });
}
