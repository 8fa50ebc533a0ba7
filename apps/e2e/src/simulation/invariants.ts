import { isDeepStrictEqual } from 'node:util';
import { compareFences, type DesiredEntry, type Fence, type KubeObject } from '@flotilla/model';

/** Names of objects, each with the one value that it holds. */
export type Content = Readonly<Record<string, string>>;

/** An entry as an agent holds it, with what it declares. */
export interface HeldEntry {
  readonly intent: DesiredEntry['intent'];
  readonly content: Content;
}

/** One write to an object of an application that had an effect, with all that tells whether it was right. */
export interface ObservedWrite {
  readonly verb: string;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
  /** What stood there before was made by us. */
  readonly isOurs: boolean;
  /** Objects of others are taken over here. */
  readonly adopts: boolean;
  /** The entry that was held when the write was sent: another may come while it is under way. */
  readonly entry: HeldEntry | undefined;
  /** Everything that an entry held a moment ago declares under this name. */
  readonly heldValues: readonly string[];
  /** The generation of which this was written, and the newest of which anything was written here before. */
  readonly generation: number;
  readonly newestGeneration: number;
  /**
   * The agent stood still with this under way, and another one has taken over: what is sent cannot be called back, and
   * is mended by the other.
   */
  readonly isOvertaken: boolean;
  /** What the entry declares and does not stand; empty where others were at it a moment ago. */
  readonly missing: readonly string[];
  /** The agent has known for long enough that somebody suspended it. */
  readonly isSuspended: boolean;
  /** Another agent held the cluster's Lease when this was sent. */
  readonly leaseHeldBy: string | undefined;
  /** What the agent asked the API server for last, as it deletes: the uid that it read, and the one it names. */
  readonly deletion: { readonly readUid: string | undefined; readonly namedUid: string | undefined } | undefined;
}

/** What an agent said of one target, with what it said before and what there is. */
export interface ObservedReport {
  readonly fence: Fence;
  readonly fenceBefore: Fence;
  /** Since when this release runs for this generation, as it says now and as it said before. */
  readonly appliedAt: string | undefined;
  readonly appliedAtBefore: string | undefined;
  /** Where it is said to be Synced at a revision and all is quiet: what of that revision does not stand. */
  readonly differences: readonly string[];
  /** Another agent held the cluster's Lease when this was said. */
  readonly leaseHeldBy: string | undefined;
  /** Where the target is said to have left: what of it stands there all the same. */
  readonly stillThere: readonly string[];
}

/** A cluster that was called lost, and whether anything it said meanwhile was missed by us and not by the line. */
export interface ObservedLoss {
  readonly missedByUs: boolean;
}

/** A release that enters a later stage, and for how long the stage before had been well with the same inputs. */
export interface ObservedPromotion {
  readonly soakedMs: number | undefined;
  readonly soakMs: number;
}

/** One target as a plan changed it, with what the ref was when it was planned. */
export interface ObservedPlan {
  readonly revision: string | undefined;
  /** The commit that was seen last, and the one that this environment was given last. */
  readonly seen: string;
  readonly standing: string | undefined;
  /** The target is taken off the set for good, and its agent has not said that it left. */
  readonly isForgottenTooEarly: boolean;
  /** How it is to leave, and how its application says that it shall; the same while it stays. */
  readonly intent: DesiredEntry['intent'] | undefined;
  readonly onRemove: DesiredEntry['intent'] | undefined;
}

/** A target that a plan gives another release, with all that tells whether it may have that now. */
export interface ObservedDelivery {
  /** Who goes before it in its rollout and was never well with the release, though nothing excuses it. */
  readonly unproven: readonly string[];
  /** An earlier wave of which nobody was well with the release. */
  readonly barrenWave: string | undefined;
  /** Its own wave, where somebody has to agree to that and nobody did. */
  readonly unagreedWave: string | undefined;
  /** The freeze that holds it, where nobody broke the glass for exactly these inputs. */
  readonly frozenBy: string | undefined;
  readonly isQuarantined: boolean;
  /** The rollback that holds it at something else, and that Git does not agree with. */
  readonly heldBy: string | undefined;
}

/** What a plan lets into one environment. */
export interface ObservedEntry {
  /** Rollouts that are under way there afterwards; those that go back hold targets and let nothing in. */
  readonly underWay: readonly string[];
  /** Stages before it in which no target was ever well with the same inputs. */
  readonly untestedIn: readonly string[];
  /** Somebody has to agree to what enters, and nobody did to exactly this. */
  readonly isUnapproved: boolean;
}

/** An order of a person, and what became of it. */
export interface ObservedOrder {
  /** What was answered to it, each time that it was taken. */
  readonly answers: readonly string[];
  /** How often the ledger tells of it, where it was taken and is told by its answer. */
  readonly carriedOut: number | undefined;
}

type Invariants<Observed> = Readonly<Record<string, (observed: Observed) => string | false | undefined>>;

/** What no write may do. Each answers with what is wrong, if it is. */
export const writeInvariants = {
  'I1 only what we made is deleted': ({ before, after, isOurs }) => before && !after && !isOurs && 'it is of others',
  'I1 what others made is theirs': ({ before, after, isOurs, adopts }) =>
    before && !isOurs && !adopts && differs(before, after) && 'it is of others',
  'I2 only what a held revision says is written': ({ verb, after, heldValues }) =>
    verb === 'apply' &&
    after &&
    !heldValues.includes(valueOf(after)) &&
    `${valueOf(after)}, not ${heldValues.join(', ')}`,
  'I3 nothing older is written after something newer': ({ verb, after, generation, newestGeneration, isOvertaken }) =>
    verb === 'apply' &&
    after &&
    !isOvertaken &&
    generation < newestGeneration &&
    `generation ${generation} after ${newestGeneration}`,
  'I9 only an entry deletes': ({ before, after, entry }) =>
    before && !after && entry?.intent !== 'run' && entry?.intent !== 'delete' && `the entry says ${entry?.intent}`,
  'I9 what is declared is not deleted': ({ before, after, name, entry }) =>
    before && !after && entry?.intent === 'run' && name in entry.content && 'it is declared',
  'I9 an empty source deletes nothing': ({ before, after, entry }) =>
    before && !after && entry?.intent === 'run' && Object.keys(entry.content).length === 0 && 'nothing is declared',
  'I9 nothing is deleted before all is applied': ({ before, after, entry, missing }) =>
    before && !after && entry?.intent === 'run' && missing.length > 0 && missing.join(', '),
  'AT-34 a deletion names the uid that was just read': ({ before, after, deletion }) =>
    before && !after && deletion && !isFreshlyRead(deletion) && JSON.stringify(deletion),
  'what is suspended is not written': ({ isSuspended }) => isSuspended && 'it was suspended a while ago',
  'one agent of a cluster writes': ({ leaseHeldBy }) => leaseHeldBy !== undefined && `${leaseHeldBy} holds the Lease`,
} satisfies Invariants<ObservedWrite>;

/** What no report may say. */
export const reportInvariants = {
  'I3 no generation goes backwards': ({ fence, fenceBefore }) =>
    compareFences(fence, fenceBefore) < 0 && JSON.stringify([fenceBefore, fence]),
  'I4 a release is applied once for a generation': ({ appliedAt, appliedAtBefore }) =>
    appliedAtBefore !== undefined && appliedAt !== appliedAtBefore && `${appliedAtBefore}, and again ${appliedAt}`,
  'I10 what is Synced is what its revision says': ({ differences }) => differences.length > 0 && differences.join(', '),
  'I9 what is said to be gone is gone': ({ stillThere }) => stillThere.length > 0 && stillThere.join(', '),
  'one agent of a cluster speaks': ({ leaseHeldBy }) => leaseHeldBy !== undefined && `${leaseHeldBy} holds the Lease`,
} satisfies Invariants<ObservedReport>;

/** What no plan may do. */
export const planInvariants = {
  'I2 only what the ref resolved to is planned': ({ revision, seen, standing }) =>
    revision !== undefined && revision !== seen && revision !== standing && `${revision}, the ref is at ${seen}`,
  'I9 what leaves does so as its application says': ({ intent, onRemove }) =>
    intent !== undefined && intent !== 'run' && intent !== onRemove && `${intent}, not ${onRemove}`,
  'I9 a target is forgotten only once it left': ({ isForgottenTooEarly }) => isForgottenTooEarly && 'it is still there',
} satisfies Invariants<ObservedPlan>;

/** What no promotion may do. */
export const promotionInvariants = {
  'a later stage never runs what the stage before did not finish': ({ soakedMs }) =>
    soakedMs === undefined && 'it never finished there',
  'nothing enters before it has soaked': ({ soakedMs, soakMs }) =>
    soakedMs !== undefined && soakedMs < soakMs && `after ${soakedMs} of ${soakMs} ms`,
} satisfies Invariants<ObservedPromotion>;

/** What no target may be given. */
export const deliveryInvariants = {
  'no wave opens before the one before it is over': ({ unproven, barrenWave }) =>
    (unproven.length > 0 && `${unproven.join(', ')} was not well with it`) ||
    (barrenWave !== undefined && `nobody of wave ${barrenWave} was well with it`),
  'no wave begins that nobody agreed to': ({ unagreedWave }) =>
    unagreedWave !== undefined && `nobody agreed to wave ${unagreedWave}`,
  'nothing is brought past a freeze': ({ frozenBy }) => frozenBy !== undefined && `it is frozen by ${frozenBy}`,
  'what was taken back does not come back by itself': ({ isQuarantined }) => isQuarantined && 'it is in quarantine',
  'what a rollback holds goes nowhere else': ({ heldBy }) => heldBy !== undefined && `it is held by ${heldBy}`,
} satisfies Invariants<ObservedDelivery>;

/** What may not enter an environment. */
export const entryInvariants = {
  'no two releases are on their way into one environment': ({ underWay }) =>
    underWay.length > 1 && underWay.join(' and '),
  'nothing is promoted that was not tested': ({ untestedIn }) =>
    untestedIn.length > 0 && `it was never well in ${untestedIn.join(', ')}`,
  'nothing is promoted that nobody agreed to': ({ isUnapproved }) => isUnapproved && 'nobody approved it',
} satisfies Invariants<ObservedEntry>;

/** What becomes of no order. */
export const orderInvariants = {
  'I3 an accepted order is never lost, and never carried out twice': ({ carriedOut }) =>
    carriedOut !== undefined && carriedOut !== 1 && `the ledger tells of it ${carriedOut} times`,
  'one request is answered in one way': ({ answers }) => new Set(answers).size > 1 && answers.join(' and '),
} satisfies Invariants<ObservedOrder>;

export const lossInvariants = {
  'a cluster is never lost because we were deaf': ({ missedByUs }) => missedByUs && 'it was not silent',
} satisfies Invariants<ObservedLoss>;

/** Something that must never happen, and happened. */
export class Violation extends Error {
  constructor(rule: string, details: string) {
    super(`${rule}: ${details}`);
    this.name = 'Violation';
  }
}

/** Every invariant of a list that does not hold, told with where. */
export function violationsOf<Observed>(list: Invariants<Observed>, observed: Observed, where: string): Violation[] {
  return Object.entries(list).flatMap(([rule, holds]) => {
    const wrong = holds(observed);
    return wrong ? [new Violation(rule, `${where}: ${wrong}`)] : [];
  });
}

export function valueOf(object: KubeObject | undefined): string {
  return (object?.data as { value?: string } | undefined)?.value ?? 'missing';
}

/** What of this content does not stand as it says. */
export function differencesFrom(content: Content, liveOf: (name: string) => KubeObject | undefined): string[] {
  return Object.entries(content).flatMap(([name, value]) => {
    const live = valueOf(liveOf(name));
    return live === value ? [] : [`${name} is ${live}, not ${value}`];
  });
}

function isFreshlyRead({ readUid, namedUid }: NonNullable<ObservedWrite['deletion']>): boolean {
  return namedUid !== undefined && namedUid === readUid;
}

function differs(before: KubeObject, after: KubeObject | undefined): boolean {
  const seen = (object: KubeObject | undefined) => [object?.data, object?.metadata.labels, object?.metadata.uid];
  return !isDeepStrictEqual(seen(before), seen(after));
}
