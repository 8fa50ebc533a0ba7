import { groupOf, type KubeObject } from '@flotilla/model';
import { isRecord, numberAt, valueAt } from '../facts.ts';
import { healthy, progressing, suspended, type Health, type HealthRule } from '../health.ts';
import { conditionsOf } from '../conditions.ts';
import { healthByConditions, isReady } from './by-conditions.ts';
import { healthByFamily, healthBySilence } from './by-family.ts';
import { healthByParts } from './by-parts.ts';
import { healthByReplicas } from './by-replicas.ts';
import { healthByWords } from './by-words.ts';
import { heavier } from './heavier.ts';
import { alwaysReports } from './reporting-groups.ts';

/**
 * The rule for every kind that has none of its own: it reads what controllers commonly write. Conditions are the best
 * witness; phases and states come next, and overrule conditions only where these have nothing definite to say.
 */
export const genericHealth: HealthRule = (object) => {
  if (isSuspended(object)) return suspended('Suspended', 'is suspended by its own settings');
  const status = valueAt(object, 'status');
  const own = healthByFamily(object);
  if (own && !(isRecord(status) && isOutdated(object, status))) return own;
  if (!isRecord(status) || Object.keys(status).length === 0) return withoutStatus(object);
  if (isOutdated(object, status)) return progressing('NotObserved', 'the newest change has not been seen yet');
  const found = said(object, status) ?? healthByReplicas(object);
  if (found) return found;
  // Steps on the way, and no word of the end yet.
  const under = reports(object) && conditionsOf(object).length > 0;
  return healthBySilence(object) ?? (under ? progressing('NotReady', 'is not ready yet') : healthy);
};

const suspendFields = ['suspend', 'suspended', 'pause', 'paused'];

function isSuspended(object: KubeObject): boolean {
  const places = [['spec'], ['spec', 'updateStrategy'], ['spec', 'updateStrategy', 'rollingUpdate']];
  return places.some((place) => suspendFields.some((field) => valueAt(object, ...place, field) === true));
}

function withoutStatus(object: KubeObject): Health {
  return reports(object) ? progressing('NotObserved', 'its controller has not looked at it yet') : healthy;
}

function reports(object: KubeObject): boolean {
  return alwaysReports(groupOf(object.apiVersion));
}

/** Whether the status says that it is about an older generation. */
function isOutdated(object: KubeObject, status: Readonly<Record<string, unknown>>): boolean {
  const generation = numberAt(object, 'metadata', 'generation');
  if (generation === undefined) return false;
  const seen = Object.keys(status).filter((field) => /(observed|evaluated)generation$/i.test(field));
  return seen.some((field) => (numberAt(status, field) ?? generation) < generation);
}

function said(object: KubeObject, status: Readonly<Record<string, unknown>>): Health | undefined {
  const whole = ofWhole(object, healthByConditions(object), healthByWords(status, object.kind));
  return heavier(whole, healthByParts(status, object.kind));
}

function ofWhole(object: KubeObject, conditions: Health | undefined, words: Health | undefined): Health | undefined {
  if (!conditions || !words) return conditions ?? words;
  if (conditions.status === 'Progressing') return heavier(conditions, words);
  if (conditions.status !== 'Healthy') return conditions;
  // That the whole is ready is a firm word; that some of it is, is not.
  return isReady(conditionsOf(object)) && words.status !== 'Degraded' ? conditions : words;
}
