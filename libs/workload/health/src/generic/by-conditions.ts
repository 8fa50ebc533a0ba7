import type { KubeObject } from '@flotilla/model';
import { conditionsOf, readCondition, sentenceOf, type Condition } from '../conditions.ts';
import { isRecord, listAt, numberAt, valueAt } from '../facts.ts';
import { degraded, healthy, progressing, suspended, type Health } from '../health.ts';
import { meaningOf } from './words.ts';

/** What the conditions of an object say; `undefined` when they say nothing about health. */
export function healthByConditions(object: KubeObject): Health | undefined {
  const all = [...conditionsOf(object), ...conditionsOfParts(object)];
  const current = all.filter((condition) => !isPast(condition, object));
  if (all.length === 0) return byUnseenPart(object) ?? withoutConditions(object);
  return (
    verdict(current, isHalted, suspended) ??
    verdict(current, (condition) => isTroubled(condition, current), degraded) ??
    verdict(current, isFailing, degraded) ??
    verdict(current, isMoving, progressing) ??
    byUnseenPart(object) ??
    bySummary(summariesOf(current)) ??
    (current.length > 0 && current.every(isNoTrouble) ? healthy : undefined) ??
    (current.length < all.length ? progressing('NotObserved', 'the newest change has not been seen yet') : undefined)
  );
}

/** Objects that belong to several others have conditions for each: the parents of a route, the listeners of a gateway. */
function conditionsOfParts(object: KubeObject): Condition[] {
  const parts = ['parents', 'ancestors', 'listeners'].flatMap((field) => listAt(object, 'status', field));
  return parts.flatMap(conditionsIn);
}

function conditionsIn(part: unknown): Condition[] {
  return listAt(part, 'conditions').filter(isRecord).map(readCondition);
}

/** What a policy is attached to takes it up one by one: it holds when all of them have. */
function byUnseenPart(object: KubeObject): Health | undefined {
  const ancestors = listAt(object, 'status', 'ancestors');
  const unseen = ancestors.some((part) => conditionsIn(part).every((condition) => isPast(condition, object)));
  return unseen ? progressing('NotObserved', 'not all that it is attached to have looked at it yet') : undefined;
}

function isPast({ observedGeneration }: Condition, object: KubeObject): boolean {
  const generation = numberAt(object, 'metadata', 'generation');
  return observedGeneration !== undefined && generation !== undefined && observedGeneration < generation;
}

/** A controller that wrote an empty list has begun, and not come far. */
function withoutConditions(object: KubeObject): Health | undefined {
  const begun = Array.isArray(valueAt(object, 'status', 'conditions'));
  return begun ? progressing('NotObserved', 'its controller has not said anything yet') : undefined;
}

function verdict(
  conditions: readonly Condition[],
  applies: (condition: Condition) => boolean,
  make: (code: string, message: string) => Health,
): Health | undefined {
  const found = conditions.find(applies);
  return found && make(found.reason || found.type, sentenceOf(found));
}

/** Types whose being true is bad news. */
const trouble =
  /^Failed[A-Z]|(Fail(ed|ure)?|Errors?|Invalid|Degraded|Stalled|Orphan|Unhealthy|NotReady|PartiallyReady)$/i;

/** Types that say how the whole is. */
const summary =
  /(Ready|Available|Healthy|Succeeded|Successful|Success|Completed?|Synced|Synchronized|Programmed|Accepted|Established|Applied|Valid|ResolvedRefs|Provisioned|Deployed|Bound)$/i;

function isHalted({ type, status, reason }: Condition): boolean {
  if (/^(Paused|Suspended)$/i.test(type)) return status === 'True';
  return summary.test(type) && status === 'False' && meaningOf(reason) === 'Suspended';
}

function isTroubled({ type, status }: Condition, all: readonly Condition[]): boolean {
  if (status !== 'True' || !trouble.test(type)) return false;
  // What is ready in the end may have been ready in part on its way there.
  return type !== 'PartiallyReady' || !isReady(all);
}

/** No bad news from those who bring nothing else is good news. */
function isNoTrouble({ type, status }: Condition): boolean {
  return status === 'False' && trouble.test(type);
}

/** Whether the conditions say of the whole that it is ready, and not only of its parts. */
export function isReady(conditions: readonly Condition[]): boolean {
  return conditions.some(({ type, status }) => (type === 'Ready' || type === 'Available') && status === 'True');
}

function isFailing({ type, status, reason, message }: Condition): boolean {
  if (status !== 'False' || trouble.test(type)) return false;
  const telling = summary.test(type) || type === 'Progressing';
  const meaning = meaningOf(reason);
  // What was asked for and not taken does not become right by waiting.
  const refused = /^(Accepted|ResolvedRefs|Valid)$/.test(type) && meaning !== 'Progressing';
  return refused || (telling && (meaning === 'Degraded' || /^(error|failed)\b/i.test(message)));
}

function isMoving({ type, status, reason }: Condition): boolean {
  if (type === 'Reconciling') return status === 'True';
  return type === 'Progressing' && status !== 'False' && !/(Available|Completed?)$/.test(reason);
}

/** Where a condition says how the whole is, the others are details. */
function summariesOf(conditions: readonly Condition[]): Condition[] {
  const named = (type: string) => conditions.filter((condition) => condition.type === type);
  const [ready, available] = [named('Ready'), named('Available')];
  if (ready.length > 0) return ready;
  return available.length > 0 ? available : conditions.filter(({ type }) => summary.test(type) && !trouble.test(type));
}

function bySummary(summaries: readonly Condition[]): Health | undefined {
  const unmet = summaries.find(({ status }) => status !== 'True');
  if (unmet) return progressing(unmet.reason || unmet.type, sentenceOf(unmet));
  return summaries.length > 0 ? healthy : undefined;
}
