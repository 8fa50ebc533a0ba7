import { refused, type Outcome } from '@flotilla/foundation';
import { manifestFiles, type SourceProblem } from '@flotilla/workload-manifests';
import { readRendered } from './read-rendered.ts';
import { isInside } from './render-file.ts';
import type { Rendered, RenderInput } from './render-input.ts';
import { foreignRenderer } from './renderer-marks.ts';

/**
 * Renders plain YAML and JSON: what is written is what is applied. All or nothing: with a single problem there is no
 * result, because what is left would not be the whole picture. A path that belongs to another renderer is refused.
 */
export function renderPlain(input: RenderInput): Outcome<Rendered, readonly SourceProblem[]> {
  const inside = input.files.filter(({ path }) => isInside(path, input.path));
  const foreign = inside.flatMap(foreignRenderer);
  if (foreign.length > 0) return refused(foreign);
  const files = manifestFiles(inside.map(({ path, content }) => ({ path, bytes: content })));
  return readRendered(files, input);
}
