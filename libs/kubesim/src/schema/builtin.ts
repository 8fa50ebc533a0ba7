import document from './kubernetes.json' with { type: 'json' };
import { SchemaReader, type TypeDescription } from './read-schema.ts';

/** One resource as discovery describes it. */
export interface ResourceDescription {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
  /** The name of its type in the schema file. */
  readonly type: string;
  readonly subresources: readonly SubresourceDescription[];
}

export interface SubresourceDescription {
  readonly name: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

interface SchemaDocument {
  readonly version: { readonly major: string; readonly minor: string; readonly gitVersion: string };
  readonly resources: readonly ResourceDescription[];
  readonly types: Readonly<Record<string, TypeDescription>>;
}

const schema = document as unknown as SchemaDocument;

/** The release that the schema was read from. */
export const serverVersion = schema.version;

export const builtinResources = schema.resources;

/** The types of the built-in kinds, shared by every simulated cluster of the process. */
export const builtinTypes = new SchemaReader(schema.types);
