import type { FieldSet } from '../fields/field-set.ts';
import type { FieldProblem } from '../problems/field-problem.ts';
import type { JsonDraft, JsonObject } from '../schema/schema-type.ts';
import type { NameRule } from './names.ts';

/** What the rules of a kind may ask of the cluster while an object is written. */
export interface KindTools {
  /** The moment of the write, as the API writes times. */
  readonly time: string;
  readonly dryRun: boolean;
  /** The empty object of the kind: where a status starts. */
  readonly zero: JsonObject;
  readonly find: (group: string, plural: string, key: string) => JsonObject | undefined;
  readonly addresses: ServiceAddresses;
}

/** The addresses and ports that services get. */
export interface ServiceAddresses {
  nextAddress(): string;
  nextNodePort(): number;
}

/**
 * What a kind adds to the common way of objects. Everything is optional: a kind without rules is stored as it comes.
 * The functions that take a draft change it in place, before it is stored.
 */
export interface KindRules {
  readonly nameRule?: NameRule;
  /** Whether finalizers may have names without a domain. */
  readonly anyFinalizer?: boolean;
  readonly prepareCreate?: (draft: JsonDraft, tools: KindTools) => void;
  readonly prepareUpdate?: (draft: JsonDraft, old: JsonObject, tools: KindTools) => void;
  /** Like `prepareUpdate`, for writes through a subresource. */
  readonly prepareSubresource?: Readonly<Record<string, (draft: JsonDraft, old: JsonObject, tools: KindTools) => void>>;
  /** What a later writer of the object sees filled in: admission, in the server's words. */
  readonly admitCreate?: (draft: JsonDraft, tools: KindTools) => void;
  readonly validate?: (object: JsonObject, tools: KindTools) => readonly FieldProblem[];
  /** Whether writes through a subresource are checked like writes of the object. */
  readonly validatesSubresources?: boolean;
  readonly validateUpdate?: (object: JsonObject, old: JsonObject) => readonly FieldProblem[];
  /** What nobody owns by writing the object itself, and by writing a subresource. */
  readonly resets?: FieldSet;
  readonly subresourceResets?: Readonly<Record<string, FieldSet>>;
  readonly warnOnCreate?: (object: JsonObject) => readonly string[];
  readonly warnOnDelete?: (propagationPolicy: string | undefined) => readonly string[];
  /** Whether a replace of what is not there creates it. */
  readonly createsOnUpdate?: boolean;
  /** Whether a replace has to name the version that it replaces. */
  readonly needsResourceVersion?: boolean;
  /** Whether dependents can be left to the garbage collector, and stay by themselves when nothing is said. */
  readonly isGarbageCollected?: boolean;
  readonly orphansByDefault?: boolean;
  /** What the first deletion does to a kind whose end takes several steps. */
  readonly startDeletion?: (object: JsonObject, time: string) => JsonObject;
  /** Whether an object that is being deleted may go, once it has no finalizers. */
  readonly mayEnd?: (object: JsonObject) => boolean;
  /** Whether a deletion answers with the object instead of a status. */
  readonly answersWithDeleted?: boolean;
  /** How long a deletion leaves the object time to end; absent for kinds that end at once. */
  readonly graceSeconds?: (object: JsonObject, requested: number | undefined) => number;
  /** Fields that a field selector may name, beside the name and the namespace. */
  readonly fieldSelectors?: Readonly<Record<string, (object: JsonObject) => string>>;
}
