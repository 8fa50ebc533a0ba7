import type { Variables } from '@flotilla/model';
import type { KnownKinds, Manifest } from '@flotilla/workload-manifests';
import type { RenderFile } from './render-file.ts';

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
