import type { Clock, Fault, Random } from '@flotilla/foundation';
import type { ClusterFacts, Fence, TargetStatus } from '@flotilla/model';
import type { Identity } from './keep/identity-keeper.ts';
import type { AgentLease } from './lease.ts';
import type { RenewalPorts } from './orders/renewal.ts';
import type { ClusterApi } from './ports/cluster-api.port.ts';
import type { ControlLine } from './ports/control-line.port.ts';
import type { RenderCache } from './ports/render-cache.port.ts';
import type { Renderer } from './ports/renderer.port.ts';
import type { SourceReader } from './ports/source-reader.port.ts';
import type { Tracer } from './ports/tracer.port.ts';
import type { AgentHome } from './upgrade/agent-deployment.ts';
import type { UpgradeStep } from './upgrade/choose-upgrade-step.ts';

/** What an agent stands on: its cluster, its line, its time, and who it is. */
export interface AgentOptions {
  readonly identity: Identity;
  readonly instance: string;
  /** Where the agent keeps its own things. */
  readonly namespace: string;
  readonly cluster: ClusterApi;
  readonly sources: SourceReader;
  readonly renderer: Renderer;
  /** Where renders that took a program are kept; without it each start renders anew. */
  readonly renderCache?: RenderCache | undefined;
  readonly line: ControlLine;
  readonly lease: Pick<AgentLease, 'isHeld' | 'transitions'>;
  readonly facts: () => ClusterFacts;
  readonly clock: Clock;
  readonly random: Random;
  readonly tracer: Tracer;
  /** The Deployment that it lives in, where it lives in one that it may upgrade. */
  readonly home?: AgentHome | undefined;
  readonly onEvent: (event: AgentEvent) => void;
  /** The UID of kube-system, said with everything: an identity that was carried off is told by it. */
  readonly kubernetesUid?: string;
  /** How the identity is renewed; without, it lives as long as it lives. */
  readonly renewal?: RenewalPorts;
}

/** What is worth a line in the agent's log. */
export type AgentEvent =
  | { readonly kind: 'recalled'; readonly targets: number; readonly generation: number }
  | { readonly kind: 'record-unreadable'; readonly name: string; readonly fault: Fault }
  | { readonly kind: 'order-refused'; readonly order: string; readonly why: string }
  | { readonly kind: 'set-unmergeable' }
  | { readonly kind: 'upgrade'; readonly step: UpgradeStep }
  | { readonly kind: 'upgrade-fault'; readonly fault: Fault }
  | { readonly kind: 'keys-changed'; readonly list: number }
  | { readonly kind: 'identity-renewed'; readonly expiresAt: string }
  | { readonly kind: 'identity-not-renewed'; readonly why: string }
  | { readonly kind: 'aside'; readonly why: string | undefined }
  | { readonly kind: 'target-fault'; readonly target: string; readonly fault: Fault };

/** An agent in numbers, for whoever measures it. */
export interface AgentFigures {
  readonly fence: Fence;
  readonly statuses: readonly TargetStatus[];
  /** How many of them no receipt has confirmed. */
  readonly unconfirmed: number;
  /** What the record of each target takes in the cluster. */
  readonly recordSizes: readonly number[];
}
