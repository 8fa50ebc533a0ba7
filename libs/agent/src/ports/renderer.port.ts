import type { Outcome } from '@flotilla/foundation';
import type { RendererName, RenderSettings, Variables } from '@flotilla/model';
import type { Rendered } from '@flotilla/workload-render';
import type { SourceFile } from './source-reader.port.ts';

/** Everything that decides what is rendered: what is not in here can have no part in it. */
export interface RenderOrder {
  /** May hold more than is rendered: shared inputs stand beside the path. */
  readonly files: readonly SourceFile[];
  readonly path: string;
  /** What the application says of rendering; without it the files decide. */
  readonly settings: RenderSettings | undefined;
  /** The application, whose name a release takes that has none of its own. */
  readonly application: string;
  /** Where objects go that name no namespace, as a chart may want to know. */
  readonly namespace: string;
  /** What `${…}` may name; without them it is left as it is. */
  readonly variables: Variables | undefined;
  /** The cluster as charts may ask for it. */
  readonly kubernetesVersion: string;
}

/** Who renders an order, as exactly as it takes: another version may make something else of the same files. */
export interface ChosenRenderer {
  readonly name: RendererName;
  readonly version: string;
}

/**
 * Why there are no manifests. `Invalid`: what came out cannot be read. `Failed`: the program said so. `Unavailable`: there
 * is no such program here, or nothing that it may run in. `Unstable`: it makes something else each time. `Cancelled`:
 * nobody wants it any more.
 */
export interface RenderFailure {
  readonly kind: 'Invalid' | 'Failed' | 'TooSlow' | 'TooLarge' | 'Unavailable' | 'Unstable' | 'Cancelled';
  /** In the words of whoever found it, each for itself. */
  readonly messages: readonly string[];
}

/** Turns files into manifests, by itself or with a program. All or nothing: a part of the picture is none. */
export interface Renderer {
  choose(order: RenderOrder): Promise<Outcome<ChosenRenderer, RenderFailure>>;
  /** Ends early, however it likes, once the signal aborts: nobody looks at what comes out then. */
  render(order: RenderOrder, signal: AbortSignal): Promise<Outcome<Rendered, RenderFailure>>;
}
