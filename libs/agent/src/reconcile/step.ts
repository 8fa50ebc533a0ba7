import type { Clock, Redacted } from '@flotilla/foundation';
import type { ClusterFacts } from '@flotilla/model';
import type { TakenForms } from '../apply/taken-forms.ts';
import type { RecordKeeper } from '../keep/record-keeper.ts';
import type { Claims } from '../live/claims.ts';
import type { GoneKinds } from '../live/gone-kinds.ts';
import type { KeptNamespaces } from '../live/kept-namespaces.ts';
import type { LiveObjects } from '../live/live-objects.ts';
import type { Suspensions } from '../live/suspensions.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { SourceReader } from '../ports/source-reader.port.ts';
import type { RenderDesk } from '../render/render-desk.ts';
import type { TargetMemory } from './target-memory.ts';
import type { DeliveryState } from './delivery-state.ts';

/** Whether anybody hears the agent: told by answers, because a line that is up proves nothing. */
export interface AgentHearing {
  /** For how long nobody has answered what was told; 0 where all is answered. */
  readonly unheardMs: number;
  /** Says something that has to be answered, whether or not there is news. */
  askForReceipt(): void;
}

/** What steps work with. */
export interface StepPorts {
  readonly cluster: ClusterApi;
  readonly sources: SourceReader;
  readonly records: RecordKeeper;
  readonly live: LiveObjects;
  readonly namespaces: KeptNamespaces;
  readonly goneKinds: GoneKinds;
  readonly claims: Claims;
  readonly suspensions: Suspensions;
  readonly clock: Clock;
  /** The agent's own namespace. */
  readonly namespace: string;
  readonly renderKey: Redacted<Buffer>;
  readonly renders: RenderDesk;
  /** What the API server took a moment ago, so that it is not asked about each of a thousand alike. */
  readonly taken: TakenForms;
  /** Whether anybody hears us. */
  readonly hearing: AgentHearing;
  /** What is known of the cluster now. */
  readonly facts: () => ClusterFacts;
}

/**
 * One step towards what an entry wants. It does its one thing, writes what it learned into the memory, and returns; it
 * never calls another step and never schedules itself. What it cannot do it raises as a fault with its consequence.
 */
export interface Step<Name extends DeliveryState['name'] = DeliveryState['name']> {
  readonly name: string;
  run(context: StepContext<Name>): Promise<void>;
}

export interface StepContext<Name extends DeliveryState['name'] = DeliveryState['name']> {
  readonly memory: TargetMemory;
  readonly state: Extract<DeliveryState, { name: Name }>;
  readonly ports: StepPorts;
}
