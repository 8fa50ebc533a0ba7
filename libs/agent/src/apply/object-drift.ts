import {
  driftModes,
  objectTitle,
  type DesiredEntry,
  type DriftedField,
  type DriftMode,
  type IgnoreRule,
} from '@flotilla/model';
import { changedFields, effectiveRules, isAbout, matchesRule, type ChangedField } from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import type { LiveObject } from '../live/live-object.ts';
import { fieldManager, marks } from '../names.ts';
import type { DesiredObject } from './desired-object.ts';
import { scaledRule } from './scaled-objects.ts';

/** What is done about what others do to our objects. */
export type DriftSettings = Pick<DesiredEntry['sync'], 'drift' | 'driftRules' | 'ignore'>;

/** A field of ours that somebody else changed, and what is done about it. */
export interface ObjectDrift extends ChangedField {
  readonly mode: DriftMode;
}

export interface ComparedObject {
  readonly desired: DesiredObject;
  readonly item: InventoryItem | undefined;
  readonly live: LiveObject | undefined;
  /** Whether its number of replicas is an autoscaler's to say. */
  readonly scaled: boolean;
}

/**
 * What others changed in an object of ours since it was applied as Git wants it, without what is ignored. Most objects are
 * told by one digest.
 */
export function driftIn({ desired, item, live, scaled }: ComparedObject, settings: DriftSettings): ObjectDrift[] {
  const isSame = live?.owned !== undefined && live.owned === item?.owned;
  if (isSame || !live?.changed || !item?.fields || item.manifest !== desired.manifest) return [];
  const sides = { desired: desired.object, live: live.changed };
  const rules = effectiveRules(desired.object, settings.ignore ?? []);
  const ignored = scaled ? [...rules, scaledRule] : rules;
  return changedFields({ ...sides, applied: item.fields, manager: fieldManager })
    .filter((change) => !ignored.some((rule) => isAbout(rule, { ...sides, change })))
    .map((change) => ({ ...change, mode: modeOfChange(change, { desired, live, settings }) }));
}

interface ModeQuestion {
  readonly desired: DesiredObject;
  readonly live: LiveObject | undefined;
  readonly settings: DriftSettings;
}

/** A person in the cluster comes before Git, what is said on the object before what is said of many. */
function modeOfChange(change: ChangedField, { desired, live, settings }: ModeQuestion): DriftMode {
  const place = { change, desired: desired.object, live: live!.changed! };
  const rule = settings.driftRules?.find((each) => (namesFields(each) ? isAbout(each, place) : isOf(each, desired)));
  return saidMode(live?.drift ?? annotated(desired)) ?? rule?.mode ?? settings.drift;
}

/** What is done about an object that somebody deleted: a rule about some of its fields says nothing of that. */
export function modeOfObject(desired: DesiredObject, settings: DriftSettings): DriftMode {
  const rule = settings.driftRules?.find((each) => !namesFields(each) && isOf(each, desired));
  return saidMode(annotated(desired)) ?? rule?.mode ?? settings.drift;
}

function namesFields({ jsonPointers = [], managers = [] }: IgnoreRule): boolean {
  return jsonPointers.length + managers.length > 0;
}

function isOf(rule: IgnoreRule, { key }: DesiredObject): boolean {
  return matchesRule(key, rule);
}

function annotated({ object }: DesiredObject): string | undefined {
  return object.metadata.annotations?.[marks.drift];
}

/** Who says a word that we do not know wants something else than usual: it is told, and nothing is written. */
function saidMode(word: string | undefined): DriftMode | undefined {
  if (word === undefined) return undefined;
  return driftModes.find((mode) => mode === word) ?? 'report';
}

/** Stands for an object that somebody deleted: nobody is left to own what is gone. */
export const wholeObject = { field: '', manager: 'unknown', removed: true } as const;

/** A changed field as it is reported. */
export function driftedField(
  { key }: Pick<DesiredObject, 'key'>,
  { field, manager, operation, at, removed }: Omit<ChangedField, 'path'>,
  corrected: boolean,
): DriftedField {
  return {
    object: objectTitle(key),
    field,
    manager,
    ...(operation && { operation }),
    ...(at !== undefined && { at }),
    ...(removed && { removed }),
    corrected,
  };
}
