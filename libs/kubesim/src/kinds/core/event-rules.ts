import { metadataOf } from '../../objects/metadata.ts';
import { invalidValue } from '../../problems/field-problem.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import { objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

export const eventRules: KindRules = {
  createsOnUpdate: true,
  isGarbageCollected: false,
  validate: (event) => {
    const namespace = textAt(objectAt(event, 'involvedObject'), 'namespace');
    const own = metadataOf(event).namespace;
    // An event about an object without a namespace lives in the default one.
    if (namespace === own || (namespace === '' && own === 'default')) return [];
    return [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')];
  },
  fieldSelectors: {
    ...Object.fromEntries(
      involved.map((name) => [
        `involvedObject.${name}`,
        (event: JsonObject) => textAt(objectAt(event, 'involvedObject'), name),
      ]),
    ),
    reason: (event) => textAt(event, 'reason'),
    type: (event) => textAt(event, 'type'),
    source: (event) => textAt(objectAt(event, 'source'), 'component') || textAt(event, 'reportingComponent'),
    reportingComponent: (event) => textAt(event, 'reportingComponent'),
  },
};
