import type { JsonDraft } from '../schema/schema-type.ts';

/** For each type, by its name in the schema file, what fills in the fields that nobody set. */
export type DefaultsTable = Readonly<Record<string, (draft: JsonDraft) => void>>;
