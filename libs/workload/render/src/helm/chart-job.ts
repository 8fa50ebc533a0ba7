import type { RenderSettings } from '@flotilla/model';
import type { RenderFile } from '../render-file.ts';

/** What a chart is told of its cluster. It may render otherwise for another, so it is part of what a render is made from. */
export interface ClusterCapabilities {
  /** `v1.33.2`. */
  readonly kubeVersion?: string | undefined;
  /** `apps/v1`, `apps/v1/Deployment`: all that `.Capabilities.APIVersions.Has` answers, besides what helm knows itself. */
  readonly apiVersions?: readonly string[] | undefined;
}

/** A chart, and all that it is rendered with. */
export interface ChartJob {
  readonly files: readonly RenderFile[];
  /** The folder of the chart. */
  readonly path: string;
  readonly namespace: string;
  readonly releaseName: string;
  readonly settings?: RenderSettings['helm'];
  readonly capabilities?: ClusterCapabilities | undefined;
}
