import type {
  AllowList,
  ApplicationDocument,
  ClusterFacts as SaidFacts,
  DesiredEntry,
  EntrySource,
  EnvironmentWindow,
  FreezeDocument,
  Labels,
  LabelSelector,
  Quarantine,
  RemovalMode,
  RenderSettings,
  RolloutNarrowing,
  RolloutState,
  RolloutStrategy,
  TargetPin,
} from '@flotilla/model';
import type { PromotionFacts, StageFollowing } from './promotion/promotion-facts.ts';

/** Everything a plan for one application rests on, read in one transaction. */
export interface DeliveryFacts {
  /** When the facts were read: a plan asks no clock. */
  readonly now: Date;
  readonly application: ApplicationFacts;
  readonly stages: readonly StageFacts[];
  readonly clusters: readonly ClusterFacts[];
  readonly targets: readonly TargetFacts[];
  /** Releases of this application that exist already, so that none is made twice. */
  readonly releases: readonly ReleaseFacts[];
  /** Rollouts of this application that have not come to an end. */
  readonly running: readonly RunningRollout[];
  /** What promotion rests on, where the pipeline has stages that come after others. */
  readonly promotion?: PromotionFacts;
  /** Source digests of this application that enter nowhere. */
  readonly quarantine: readonly Quarantine[];
  /** Every freeze of the project, over or not, whoever it is about. */
  readonly freezes: readonly FreezeFacts[];
}

/** A freeze, who ordered it last, and since when it stands. */
export interface FreezeFacts {
  readonly name: string;
  readonly spec: FreezeDocument['spec'];
  readonly by: string;
  readonly since: string;
}

/** What a plan has to know of an application. */
export interface ApplicationFacts {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
  /** Absent when the application was deleted: its targets leave. */
  readonly document?: ApplicationDocument;
  /** The person who deleted it, when one did; a commit that no longer holds it is nobody's word. */
  readonly deletedBy?: string;
  readonly repositoryUrl?: string;
  readonly agentCredential?: string;
  /** What its project lets it hold; anything where the project says nothing. */
  readonly allow?: AllowList;
}

/** One stage of the application's pipeline, with what Git says of its inputs. */
export interface StageFacts {
  readonly environment: string;
  readonly clusters: LabelSelector;
  /** What it tracks in Git, or what the stages do that it comes after. */
  readonly ref: string;
  /** Absent of a stage that tracks. */
  readonly following?: StageFollowing;
  readonly path: string;
  readonly also: readonly string[];
  readonly namespace: string;
  /** What the application says of rendering, for this environment. */
  readonly render?: RenderSettings | undefined;
  /** When syncs may run there, and whose. */
  readonly windows?: readonly EnvironmentWindow[];
  /** When its agents go back by themselves. */
  readonly retreat?: DesiredEntry['retreat'];
  /** The newest commit seen at `ref`; absent until Git was asked. */
  readonly head?: { readonly commit: string; readonly trees: readonly (string | undefined)[] };
  /** How a release goes over its clusters; to all of them at once where nothing is said. */
  readonly rollout?: RolloutSettings;
  /** The rollout that entered this environment last. */
  readonly current?: CurrentRollout;
  /** The newest release that finished here, where the last rollout goes in waves and has not. */
  readonly finished?: string;
}

/** What its environment says of rollouts, and what an application says on top. */
export interface RolloutSettings {
  readonly strategy: RolloutStrategy;
  readonly narrowing?: RolloutNarrowing;
}

/** The rollout that entered an environment last. */
export interface CurrentRollout {
  readonly rollout: string;
  readonly release: string;
  /** It has not come to an end: something newer takes over from it. */
  readonly running: boolean;
  /** Where it goes in waves: how far they are. */
  readonly admission?: Admission;
}

/** Who takes a rollout's release. */
export interface Admission {
  readonly state: RolloutState;
  readonly admitted: ReadonlySet<string>;
  /** Passed by, by a person: what runs there stays until the next rollout. */
  readonly skipped: ReadonlySet<string>;
}

/** A rollout that has not finished: a newer one takes over from it. */
export interface RunningRollout {
  readonly rollout: string;
  readonly environment: string;
}

/** What a plan has to know of a cluster: what it is called, and the labels it is chosen by. */
export interface ClusterFacts {
  readonly uid: string;
  readonly name: string;
  readonly labels: Labels;
  /** What its agent says of it, where waves are chosen by that. */
  readonly facts?: SaidFacts;
}

/** A target as it is stored, before a plan. */
export interface TargetFacts {
  readonly uid: string;
  readonly environment: string;
  readonly cluster: string;
  readonly entry: DesiredEntry;
  readonly onRemove: RemovalMode;
  /** The agent confirmed that the target left the cluster, for the generation that asked it to. */
  readonly gone: boolean;
  /** Its cluster is on no record any more: nobody there will ever confirm anything. */
  readonly forgotten?: boolean;
  /** What holds it at another release than its environment runs. */
  readonly pin?: TargetPin | undefined;
  /** While the rollback that pinned it is under way, wave by wave: whether its turn has come. */
  readonly turn?: PinTurn | undefined;
  /** The release that finished here last. */
  readonly lastGood?: string | undefined;
}

/** Whether a target takes what it is pinned to: not before its wave. */
export type PinTurn = 'waits' | 'taken';

/** What a plan has to know of a release. */
export interface ReleaseFacts {
  readonly uid: string;
  readonly revision: string;
  readonly digests: Readonly<Record<string, string>>;
  /** What it is made of, by environment. Releases of versions that did not keep it have none. */
  readonly contents: Readonly<Record<string, ReleaseContent>>;
}

/** The exact inputs of a release in one environment, as they were read at its revision: never the path of today. */
export interface ReleaseContent {
  readonly source: Pick<EntrySource, 'url' | 'path' | 'also'>;
  readonly render?: RenderSettings;
  /** Git's ids of what its own path and then each of `also` held; null where there was nothing. */
  readonly trees?: readonly (string | null)[];
}
