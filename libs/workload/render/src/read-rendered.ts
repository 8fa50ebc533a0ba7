import { done, refused, type Outcome } from '@flotilla/foundation';
import { readManifests, type ManifestFile, type SourceProblem } from '@flotilla/workload-manifests';
import type { Rendered, RenderInput } from './render-plain.ts';

/** Reads what a renderer made, the files of a folder or what a program printed. */
export function readRendered(
  files: readonly ManifestFile[],
  { namespace, kinds }: Pick<RenderInput, 'namespace' | 'kinds'>,
): Outcome<Rendered, readonly SourceProblem[]> {
  const { manifests, problems } = readManifests(files, {
    ...(namespace !== undefined && { namespace }),
    ...(kinds && { kinds }),
  });
  return problems.length > 0 ? refused(problems) : done({ manifests, empty: manifests.length === 0 });
}
