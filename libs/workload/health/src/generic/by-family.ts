import { groupOf, type HealthStatus, type KubeObject } from '@flotilla/model';
import { conditionOf, conditionsOf, sentenceOf, type Condition } from '../conditions.ts';
import { valueAt } from '../facts.ts';
import { healthy, progressing, reasonOf, type Health } from '../health.ts';
import { families, type Family } from './families.ts';
import { heavier } from './heavier.ts';

/** What an object says in the way of its family; `undefined` where it says nothing of its own. */
export function healthByFamily(object: KubeObject): Health | undefined {
  const family = familyOf(object);
  return (
    family &&
    (byConditions(object, family) ?? byWords(object, family) ?? byCounts(object, family) ?? byNeed(object, family))
  );
}

/** What it means for an object of its family that no rule understands anything of it. */
export function healthBySilence(object: KubeObject): Health | undefined {
  const status = familyOf(object)?.silent;
  return status && healthWith(status, 'NotUnderstood', 'its controller has not said how it is');
}

function familyOf({ apiVersion, kind }: KubeObject): Family | undefined {
  const key = `${groupOf(apiVersion)}/${kind}`;
  return families.find(({ kinds }) => kinds.test(key));
}

function byConditions(object: KubeObject, { conditions = {} }: Family): Health | undefined {
  const all = conditionsOf(object);
  for (const [line, status] of Object.entries(conditions)) {
    const found = all.find((condition) => holds(condition, line));
    if (found) return healthWith(status, found.reason || found.type, sentenceOf(found));
  }
  return undefined;
}

function holds({ type, status, reason }: Condition, line: string): boolean {
  const [, wantedType = '', wantedStatus, wantedReason] = /^([^=]+)=(\w+)(?:\((\w+)\))?$/.exec(line) ?? [];
  const isType = wantedType.startsWith('*') ? type.endsWith(wantedType.slice(1)) : type === wantedType;
  return isType && status === wantedStatus && (wantedReason === undefined || reason === wantedReason);
}

function byWords(object: KubeObject, { words = {} }: Family): Health | undefined {
  let found: Health | undefined;
  for (const [path, meanings] of Object.entries(words)) {
    for (const value of valuesAt(object, stepsOf(path))) {
      const word = wordsOf(value).find((each) => Object.hasOwn(meanings, each));
      if (word) found = heavier(found, healthWith(meanings[word]!, textOf(value), `${path} is ${textOf(value)}`));
    }
  }
  return found;
}

/** `metadata.labels.[example.org/state]` has three steps. */
function stepsOf(path: string): string[] {
  return (path.match(/\[[^\]]*\]|[^.]+/g) ?? []).map((step) => step.replace(/^\[(.*)\]$/, '$1'));
}

function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return value === undefined ? [] : [value];
  if (step !== '*') return valuesAt(valueAt(value, step), rest);
  const entries = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return entries.flatMap((entry) => valuesAt(entry, rest));
}

/** The words that the table may use for a value, the nearest first. */
function wordsOf(value: unknown): string[] {
  return [textOf(value), ...(typeof value === 'number' && value > 0 ? ['+'] : []), '*'];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function byCounts(object: KubeObject, { counts = {} }: Family): Health | undefined {
  for (const [path, wantedPath] of Object.entries(counts)) {
    const [found, wanted] = [path, wantedPath].map((each) => countOf(valuesAt(object, stepsOf(each))));
    if (found! < wanted!) return progressing('NotReady', `${path}: ${found} of ${wanted}`);
  }
  return undefined;
}

function countOf(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 1), 0);
}

function byNeed(object: KubeObject, { needs }: Family): Health | undefined {
  if (needs === undefined) return undefined;
  // Conditions begin with a capital, fields do not.
  const said = /^[A-Z]/.test(needs) ? conditionOf(object, needs) : valueAt(object, ...needs.split('.'));
  return said ? undefined : progressing('NotObserved', `its controller has not said ${needs} yet`);
}

function healthWith(status: HealthStatus, code: string, message: string): Health {
  return status === 'Healthy' ? healthy : { status, reason: reasonOf(code, message) };
}
