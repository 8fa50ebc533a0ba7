import { digestOf } from '@flotilla/foundation/node';
import {
  keyOfObject,
  type FieldsV1,
  type HealthStatus,
  type KubeObject,
  type ObjectKey,
  type Reason,
} from '@flotilla/model';
import { healthOf, type HealthRule } from '@flotilla/workload-health';
import { isDeletionConfirmed, newestEntry, ownedFields, ownedValues } from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import { sharedFields } from '../keep/shared-fields.ts';
import { fieldManager, marks } from '../names.ts';
import { saidOn, type Said } from './said.ts';

/** What the agent remembers of an object in the cluster: enough to see a difference, little enough for thousands. */
export interface LiveObject {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly resourceVersion: string;
  /** The target whose label it carries; a label proves nothing by itself. */
  readonly target: string | undefined;
  /** The fields that we own. */
  readonly fields: FieldsV1 | undefined;
  /** A digest of the fields that we applied last with the values that stand there now, whoever owns them by now. */
  readonly owned: string | undefined;
  /** The object itself, kept only where these are not the values that we applied: somebody has to look closer. */
  readonly changed: KubeObject | undefined;
  /** What is done about drift here, by an annotation. */
  readonly drift: string | undefined;
  /** Why a person wants no writes to it. */
  readonly suspended: Said | undefined;
  /** It says of itself that a person confirms its deletion. */
  readonly deletionConfirmed: boolean;
  readonly deleting: boolean;
  readonly health: { readonly status: HealthStatus; readonly reason?: Reason | undefined };
  /** Whoever changed it last, besides us. */
  readonly lastManager: { readonly name: string; readonly at?: string | undefined } | undefined;
}

/** What was applied last, as the inventory remembers it; without a digest the fields have to be looked at. */
export type AppliedFields = Pick<InventoryItem, 'fields' | 'owned'>;

export function liveObject(object: KubeObject, applied?: AppliedFields, rule?: HealthRule): LiveObject {
  const { metadata } = object;
  const own = ownedFields(object, fieldManager);
  const fields = own && sharedFields(own);
  const compared = applied?.fields ?? fields;
  const owned = compared && ownedDigest(object, compared);
  return {
    key: keyOfObject(object),
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '0',
    target: metadata.labels?.[marks.target],
    fields,
    owned,
    changed: applied?.fields && applied.owned !== owned ? kept(object) : undefined,
    drift: metadata.annotations?.[marks.drift],
    suspended: saidOn(object, marks.suspend),
    deletionConfirmed: isDeletionConfirmed(object),
    deleting: metadata.deletionTimestamp !== undefined,
    health: healthOf(object, rule),
    lastManager: lastManager(object),
  };
}

/** Any change by anybody in these fields changes it; defaults by the server, and what others put beside them, do not. */
function ownedDigest(object: KubeObject, fields: FieldsV1): string {
  return digestOf([fields, ownedValues(object, fields)]);
}

/** Nobody compares a status, and it is the larger half of many an object. */
function kept({ status: _, ...object }: KubeObject): KubeObject {
  return object;
}

function lastManager({ metadata }: KubeObject): LiveObject['lastManager'] {
  const others = (metadata.managedFields ?? []).filter(
    ({ manager, operation, subresource }) =>
      subresource === undefined && !(manager === fieldManager && operation === 'Apply'),
  );
  const newest = newestEntry(others);
  return newest && { name: newest.manager, at: newest.time };
}
