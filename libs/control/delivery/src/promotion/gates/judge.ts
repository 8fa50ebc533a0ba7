import type { Gate, WebGate } from '@flotilla/model';
import type { DeliveryFacts, ReleaseFacts } from '../../facts.ts';
import type { StageVisit } from '../finished-in.ts';
import type { Author, GateFacts } from '../promotion-facts.ts';
import type { GateWait } from '../stage-standing.ts';

/** A release before a stage or a wave, with all that a gate may ask about. */
export interface GateContext {
  readonly now: Date;
  readonly application: Pick<DeliveryFacts['application'], 'name'>;
  readonly environment: string;
  /** The wave of its rollout that would begin, where that is asked. */
  readonly wave?: string;
  readonly release: Pick<ReleaseFacts, 'revision' | 'digests'>;
  /** Who wrote what it brings there, where that is known. */
  readonly writers: readonly Author[];
  /** Its way through the stages that this one comes after; none before a wave. */
  readonly visits: ReadonlyMap<string, StageVisit>;
  readonly facts: GateFacts;
}

/** What a gate says of a release. */
export interface Judgement {
  /** What it waits for; absent when it passes. */
  readonly wait?: Omit<GateWait, 'gate'>;
  /** It will never pass: something else has to come. */
  readonly never?: boolean;
  /** When the answer may be another one without anybody's saying so. */
  readonly lookAt?: Date;
  /** Whom to ask first: somebody outside. */
  readonly asks?: WebGate;
}

/** What every gate that lets a release in says. */
export const passes: Judgement = {};

/** One kind of gate: how people call it, and how it judges. */
export interface GateKind<Kind extends keyof Gate> {
  readonly title: (gate: NonNullable<Gate[Kind]>) => string;
  readonly judge: (gate: NonNullable<Gate[Kind]>, context: GateContext) => Judgement;
}
