import type {
  ClusterView,
  DocumentView,
  EventView,
  RolloutView,
  TargetCountView,
  TargetView,
} from '@flotilla/contracts';

/** What the page follows, by kind: each noun as the API shows it. */
export interface LiveNouns {
  readonly target: TargetView;
  readonly cluster: ClusterView;
  readonly count: TargetCountView;
  readonly document: DocumentView;
  readonly rollout: RolloutView;
  readonly event: EventView;
}

export type LiveKind = keyof LiveNouns;
export const liveKinds = [
  'count',
  'cluster',
  'target',
  'document',
  'rollout',
  'event',
] as const satisfies readonly LiveKind[];

/** Everything that is known of one kind. An item that did not change keeps its identity from state to state. */
export interface Known<Item> {
  /** False until everything was told once: before that nothing can be said, not even that there is nothing. */
  readonly known: boolean;
  readonly items: ReadonlyMap<string, Item>;
}

/** How well we hear the control plane. */
export type LineState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live' }
  /** What is shown was true at `staleSinceMs`; it is asked for again and again. */
  | { readonly phase: 'cut'; readonly staleSinceMs: number; readonly problem: string };

export type LiveState = {
  readonly line: LineState;
  /** The kinds that were told whole on this line. The page is live once that is all of them. */
  readonly fresh: ReadonlySet<LiveKind>;
} & { readonly [Kind in LiveKind]: Known<LiveNouns[Kind]> };

const nothing: Known<never> = { known: false, items: new Map<string, never>() };

export const nothingKnown: LiveState = {
  line: { phase: 'connecting' },
  fresh: new Set(),
  target: nothing,
  cluster: nothing,
  count: nothing,
  document: nothing,
  rollout: nothing,
  event: nothing,
};
