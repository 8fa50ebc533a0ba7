import type { FleetStatus, ReceiptedDeployment } from './fleet-agent.ts';
import type { FleetFigures } from './fleet-tally.ts';

/** A cluster that is on record, and the token with which its agent may come in. */
export interface Invitation {
  readonly name: string;
  readonly token: string;
}

/** What one agent made known: its newest statuses, and every deployment that it has a receipt for. */
export interface Told {
  readonly cluster: string;
  readonly statuses: readonly Pick<
    FleetStatus,
    'target' | 'generation' | 'sync' | 'health' | 'appliedAt' | 'release'
  >[];
  readonly deployments: readonly ReceiptedDeployment[];
}

/** What a process of simulated agents is asked to do, and what it answers. */
export interface FleetWork {
  /** Enrols these through the front door, some at a time, and lets them dial. */
  readonly enrol: {
    readonly request: {
      readonly url: string;
      readonly invitations: readonly Invitation[];
      readonly atOnce: number;
      readonly verify: boolean;
    };
    readonly answer: { readonly enrolled: number };
  };
  readonly figures: { readonly request: object; readonly answer: FleetFigures };
  /** Lets something happen on this many of its clusters; says on how many it did. */
  readonly stir: {
    readonly request: { readonly clusters: number; readonly targetsEach: number };
    readonly answer: { readonly stirred: number };
  };
  readonly told: { readonly request: object; readonly answer: readonly Told[] };
}

export type FleetVerb = keyof FleetWork;

export interface FleetQuestion<Verb extends FleetVerb = FleetVerb> {
  readonly id: number;
  readonly verb: Verb;
  readonly request: FleetWork[Verb]['request'];
}

export interface FleetAnswer {
  readonly id: number;
  readonly answer?: unknown;
  readonly problem?: string;
}
