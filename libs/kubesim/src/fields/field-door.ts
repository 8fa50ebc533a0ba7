import type { JsonObject, SchemaType } from '../schema/schema-type.ts';
import type { FieldSet } from './field-set.ts';

/** The door through which an object is written, as far as ownership of fields is concerned. */
export interface FieldDoor {
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly typeOf: (apiVersion: string) => SchemaType | undefined;
  /** What a write through this door cannot change. */
  readonly ignore: (fields: FieldSet) => FieldSet;
  /** An object of the kind with nothing in it, as a write to nothing is compared with. */
  readonly zero: JsonObject;
}
