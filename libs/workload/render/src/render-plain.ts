import { refused, type Outcome } from '@flotilla/foundation';
import { manifestFiles, type SourceProblem } from '@flotilla/workload-manifests';
import { readRendered, type ReadingOptions, type Rendered } from './read-rendered.ts';
import { isInside, type RenderFile } from './render-file.ts';
import { foreignRenderer } from './renderer-marks.ts';

/** The files of one target, and which of them make it. */
export interface RenderInput extends ReadingOptions {
  /** May hold more than is rendered: shared inputs stand beside the path. */
  readonly files: readonly RenderFile[];
  /** The folder whose files are rendered, or a single file; `.` is the whole repository. */
  readonly path: string;
}

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
