import { z } from 'zod';
import { matchesGlob } from '@flotilla/foundation';
import { actorTextMax } from './actor.ts';
import { durationWithin } from './documents/common.ts';
import { untilLifted, type FreezeDocument, type FreezeScope } from './documents/freeze.ts';
import { matchesLabels, type Labels } from './selector.ts';

/**
 * A freeze as an entry carries it, so that its agent keeps it with the control plane gone. A scope that is not known
 * there counts as `all`: who is in doubt writes nothing.
 */
export const entryFreezeShape = {
  name: z.string().max(63),
  scope: z.string().max(32),
  by: z.string().max(actorTextMax),
  reason: z.string().max(1_000),
  since: z.string().max(64),
  /** When it ends by itself; it stands until somebody lifts it where nothing is said. */
  expires: z.string().max(64).optional(),
};
/** Reads one. */
export const entryFreezeSchema = z.object(entryFreezeShape);
export type EntryFreeze = z.infer<typeof entryFreezeSchema>;

/** Whether a freeze holds: one that has come to its end holds nobody, and stays to be read until it is lifted. */
export const freezeStates = ['InForce', 'Ended'] as const;
export type FreezeState = (typeof freezeStates)[number];

/** A person's order that one source digest passes every freeze of a target, for a while. */
export const breakGlassShape = {
  by: z.string().max(actorTextMax),
  reason: z.string().max(1_000),
  since: z.string().max(64),
  expires: z.string().max(64),
  /** What passes; nothing else does. */
  sourceDigest: z.string().max(64),
};
/** Reads one. */
export const breakGlassSchema = z.object(breakGlassShape);
export type BreakGlass = z.infer<typeof breakGlassSchema>;

/** For how long the glass stays broken: who breaks it does so for what happens now. */
export const breakGlassTimeSchema = durationWithin('1s', '24h');

/** Where nothing is said: who breaks it seldom needs longer. */
export const breakGlassDefault = '1h';

/** One place where something would be deployed. */
export interface FreezablePlace {
  readonly application: string;
  readonly environment: string;
  readonly labels: Labels;
}

/** Whether a freeze is about a place: by all of the lists that it has. */
export function isFrozenBy(
  { applications, environments, clusters }: FreezeDocument['spec'],
  place: FreezablePlace,
): boolean {
  return (
    isNamedBy(applications, place.application) &&
    isNamedBy(environments, place.environment) &&
    (!clusters || matchesLabels(clusters, place.labels))
  );
}

/** Whether a list of a freeze is about something of this name; one that is not there is about everything. */
export function isNamedBy(globs: readonly string[] | undefined, name: string): boolean {
  return !globs || globs.some((glob) => matchesGlob(name, glob));
}

/** When a freeze ends by itself; never where it says `lifted`. */
export function expiryOf({ until }: Pick<FreezeDocument['spec'], 'until'>): string | undefined {
  return until === untilLifted ? undefined : until;
}

/** The moment itself is over: a freeze until eight does not stop what comes at eight. A time nobody can read never comes. */
export function isInForce({ expires }: { readonly expires?: string | undefined }, now: number): boolean {
  return expires === undefined || !(Date.parse(expires) <= now);
}

/** Those that hold now, the widest and longest first: what the first one says is what a person has to know. */
export function freezesInForce(freezes: readonly EntryFreeze[], now: number): EntryFreeze[] {
  return freezes.filter((freeze) => isInForce(freeze, now)).toSorted(byWeight);
}

/** Whether a freeze stops every write, and not only other releases. */
export function stopsAll({ scope }: Pick<EntryFreeze, 'scope'>): boolean {
  return scope !== ('deploys' satisfies FreezeScope);
}

/** What an order may say for itself when it meets a freeze. */
export interface FrozenOrder {
  /** The glass that was broken for it, if any. */
  readonly breakGlass?: BreakGlass | undefined;
  /** What it brings. */
  readonly sourceDigest: string;
}

/** The freeze that an order stops at now; none where nothing holds, or where the glass was broken for exactly this order. */
export function freezeInTheWay(
  { breakGlass, sourceDigest }: FrozenOrder,
  freezes: readonly EntryFreeze[],
  now: number,
): EntryFreeze | undefined {
  const [first] = freezesInForce(freezes, now);
  const passes = breakGlass?.sourceDigest === sourceDigest && isInForce(breakGlass, now);
  return passes ? undefined : first;
}

/** Whether an order passes the freezes of a place. */
export function mayPass(order: FrozenOrder, freezes: readonly EntryFreeze[], now: number): boolean {
  return freezeInTheWay(order, freezes, now) === undefined;
}

/** A freeze in one sentence, with who can end it: `frozen by user:ann until …: incident 42; lift it with: …`. */
export function freezeText({ name, by, reason, expires }: EntryFreeze): string {
  const end = expires === undefined ? 'it is lifted' : expires;
  return `frozen by ${by} until ${end}: ${reason}; lift it with: flotilla unfreeze ${name}`;
}

function byWeight(left: EntryFreeze, right: EntryFreeze): number {
  return weight(right) - weight(left) || endOf(right) - endOf(left) || (left.name < right.name ? -1 : 1);
}

function weight(freeze: EntryFreeze): number {
  return stopsAll(freeze) ? 1 : 0;
}

function endOf({ expires }: EntryFreeze): number {
  const end = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(end) ? Number.MAX_SAFE_INTEGER : end;
}
