import type { KubeObject } from '@flotilla/model';
import { isNeverDeleted } from '@flotilla/workload-manifests';
import type { Adapter } from './peer-case.ts';

/**
 * What an object says of its own deletion. Whose it is we tell by our inventory, its uid and its field manager, never by
 * an annotation that can be copied, so the peer's policies over such an annotation are not offered.
 */
export const kept: Adapter = ({ objectAnnotations, inventoryId, expected = {} }) => {
  if (inventoryId !== undefined || !('canPrune' in expected)) return undefined;
  const metadata = { name: 'x', annotations: objectAnnotations };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata } as KubeObject;
  return { expected: expected.canPrune, actual: !isNeverDeleted(object) };
};
