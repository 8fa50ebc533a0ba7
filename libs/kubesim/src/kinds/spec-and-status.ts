import { metadataOf } from '../objects/metadata.ts';
import { setOf, type FieldSet } from '../fields/field-set.ts';
import { equalValues } from '../fields/values.ts';
import type { Json, JsonDraft, JsonObject } from '../schema/schema-type.ts';
import type { KindRules } from './kind-rules.ts';

export interface SpecAndStatusOptions {
  /** The fields whose change is a new generation; without any the kind has no generations. */
  readonly generationOf?: readonly string[];
  /** What a write of the status cannot change, beside the spec. */
  readonly statusKeeps?: FieldSet;
}

/**
 * The rules of most kinds: writers of the object cannot touch its status, writers of the status cannot touch anything
 * else, and each change of the spec is a new generation.
 */
export function specAndStatus({ generationOf = [], statusKeeps }: SpecAndStatusOptions = {}): KindRules {
  return {
    prepareCreate: (draft, { zero }) => {
      draft['status'] = zero['status'];
      if (generationOf.length > 0) draft['metadata'].generation = 1;
    },
    prepareUpdate: (draft, old) => {
      draft['status'] = old['status'];
      bumpGeneration(draft, old, generationOf);
    },
    prepareSubresource: {
      status: (draft, old) => {
        draft['spec'] = old['spec'];
        keepMetadata(draft, old, statusKeeps);
      },
    },
    resets: setOf(['f:status']),
    subresourceResets: { status: statusKeeps ? withSpec(statusKeeps) : setOf(['f:spec']) },
  };
}

/** The next generation, when one of the fields changed. */
export function bumpGeneration(draft: JsonDraft, old: JsonObject, fields: readonly string[]): void {
  if (fields.every((field) => equalValues(valueAt(draft, field), valueAt(old, field)))) return;
  draft['metadata'].generation = (metadataOf(old).generation ?? 0) + 1;
}

function valueAt(object: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = object;
  for (const name of path.split('.')) value = (value as JsonObject | undefined)?.[name];
  return value;
}

function withSpec(kept: FieldSet): FieldSet {
  return { member: false, children: new Map([...kept.children, ...setOf(['f:spec']).children]) };
}

function keepMetadata(draft: JsonDraft, old: JsonObject, kept: FieldSet | undefined): void {
  for (const element of kept?.children.get('f:metadata')?.children.keys() ?? []) {
    const name = element.slice(2);
    const value = (old['metadata'] as JsonObject)[name];
    if (value === undefined) delete draft['metadata'][name];
    else draft['metadata'][name] = value;
  }
}
