import { equalValues } from '../fields/values.ts';
import type { KindRules } from '../kinds/kind-rules.ts';
import { metadataOf } from '../objects/metadata.ts';
import type { JsonObject } from '../schema/schema-type.ts';
import { checkCustom } from './check-custom.ts';
import type { CustomSchema } from './custom-schema.ts';

/** The rules of a custom kind: its schema, and a status of its own when the definition says so. */
export function customRules(schema: CustomSchema, { hasStatus }: { readonly hasStatus: boolean }): KindRules {
  return {
    needsResourceVersion: true,
    anyFinalizer: true,
    validatesSubresources: true,
    prepareCreate: (draft) => {
      if (hasStatus) delete draft['status'];
      draft['metadata'].generation = 1;
    },
    prepareUpdate: (draft, old) => {
      if (hasStatus) {
        if (old['status'] === undefined) delete draft['status'];
        else draft['status'] = old['status'];
      }
      if (equalValues(contentOf(draft, hasStatus), contentOf(old, hasStatus))) return;
      draft['metadata'].generation = (metadataOf(old).generation ?? 0) + 1;
    },
    prepareSubresource: {
      // A write of the status changes the status, and the record of who owns what in it.
      status: (draft, old) => {
        const { status, metadata } = draft;
        const { managedFields, resourceVersion } = metadata;
        for (const name of Object.keys(draft)) delete draft[name];
        Object.assign(draft, structuredClone(old), { status });
        Object.assign(draft['metadata'], { managedFields, resourceVersion });
        if (status === undefined) delete draft['status'];
        if (managedFields === undefined) delete draft['metadata'].managedFields;
      },
    },
    validate: (object) => {
      const { metadata: _, ...content } = object;
      return checkCustom(schema, content, '');
    },
  };
}

function contentOf(object: JsonObject, hasStatus: boolean): JsonObject {
  const { metadata: _, status, ...content } = object;
  return hasStatus || status === undefined ? content : { ...content, status };
}
