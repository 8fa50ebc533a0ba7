import { digestOf } from '@flotilla/foundation/node';
import {
  keyOfObject,
  type FieldsV1,
  type HealthStatus,
  type KubeObject,
  type ObjectKey,
  type Reason,
} from '@flotilla/model';
import { healthOf } from '@flotilla/workload-health';
import { isNeverDeleted, ownedFields, ownedValues } from '@flotilla/workload-manifests';
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
  /** The fields that we own, and a digest of them with the values that stand there. */
  readonly fields: FieldsV1 | undefined;
  readonly owned: string | undefined;
  /** Why a person wants no writes to it. */
  readonly suspended: Said | undefined;
  readonly neverPrune: boolean;
  readonly deleting: boolean;
  readonly health: { readonly status: HealthStatus; readonly reason?: Reason | undefined };
  /** Whoever changed it last, besides us. */
  readonly lastManager: { readonly name: string; readonly at?: string | undefined } | undefined;
}

export function liveObject(object: KubeObject): LiveObject {
  const { metadata } = object;
  const owned = ownedFields(object, fieldManager);
  const fields = owned && sharedFields(owned);
  return {
    key: keyOfObject(object),
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '0',
    target: metadata.labels?.[marks.target],
    fields,
    owned: fields && ownedDigest(object, fields),
    suspended: saidOn(object, marks.suspend),
    neverPrune: isNeverDeleted(object),
    deleting: metadata.deletionTimestamp !== undefined,
    health: healthOf(object),
    lastManager: lastManager(object),
  };
}

/** A digest of which fields we own and what stands there: any change by anybody changes it, defaults by the server do not. */
function ownedDigest(object: KubeObject, fields: FieldsV1): string {
  return digestOf([fields, ownedValues(object, fields)]);
}

function lastManager({ metadata }: KubeObject): LiveObject['lastManager'] {
  const others = (metadata.managedFields ?? []).filter(
    ({ manager, operation, subresource }) =>
      subresource === undefined && !(manager === fieldManager && operation === 'Apply'),
  );
  const newest = others.toSorted((left, right) => (left.time ?? '').localeCompare(right.time ?? '')).at(-1);
  return newest && { name: newest.manager, at: newest.time };
}
