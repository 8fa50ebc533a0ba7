import { refused, type Outcome } from '@flotilla/foundation';
import type { Variables } from '@flotilla/model';
import { manifestFiles, type KnownKinds, type Manifest, type SourceProblem } from '@flotilla/workload-manifests';
import { readRendered } from './read-rendered.ts';
import { isInside, type RenderFile } from './render-file.ts';
import { foreignRenderer } from './renderer-marks.ts';

/** The files of one target, and which of them make it. */
export interface RenderInput {
  /** May hold more than is rendered: shared inputs stand beside the path. */
  readonly files: readonly RenderFile[];
  /** The folder whose files are rendered, or a single file; `.` is the whole repository. */
  readonly path: string;
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
