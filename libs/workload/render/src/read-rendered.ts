import { done, refused, type Outcome } from '@flotilla/foundation';
import { readManifests, type ManifestFile, type SourceProblem } from '@flotilla/workload-manifests';
import type { Rendered, RenderInput } from './render-input.ts';
import { substitute } from './substitute/substitute.ts';

/**
 * Reads what a renderer made, the files of a folder or what a program printed, and fills it where that is wanted. A name
 * that is not set is a problem like any other: with one there is no result.
 */
export function readRendered(
  files: readonly ManifestFile[],
  { namespace, kinds, variables }: Pick<RenderInput, 'namespace' | 'kinds' | 'variables'>,
): Outcome<Rendered, readonly SourceProblem[]> {
  const { manifests, problems } = readManifests(files, {
    ...(namespace !== undefined && { namespace }),
    ...(kinds && { kinds }),
    ...(variables && { fill: (text) => substitute(text, variables, { undefined: 'strict' }) }),
  });
  return problems.length > 0 ? refused(problems) : done({ manifests, empty: manifests.length === 0 });
}
