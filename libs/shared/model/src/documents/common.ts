import { z } from 'zod';
import { parseDuration } from '@flotilla/foundation';
import { defaultProject, nameSchema } from '../names.ts';
import { labelsSchema } from '../selector.ts';

/** The `apiVersion` of every document that people author. */
export const documentApiVersion = 'fleet.flotilla.dev/v1alpha1';

const metadataSchema = z.strictObject({
  name: nameSchema,
  project: nameSchema.default(defaultProject),
  labels: labelsSchema.optional(),
  annotations: z.record(z.string().max(316), z.string().max(4_096)).optional(),
});

/** A time span as people write it: `30s`, `15m`, `4h`, `7d`. */
export const durationSchema = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, { message: 'must be a duration such as 30s, 15m, 4h' });

/** A duration from the least to the most, both of them allowed. */
export function durationWithin(least: string, most: string) {
  const [leastMs, mostMs] = [parseDuration(least)!, parseDuration(most)!];
  const isWithin = (text: string) => {
    // What is no duration is told so, and nothing else.
    const ms = parseDuration(text) ?? leastMs;
    return ms >= leastMs && ms <= mostMs;
  };
  return durationSchema.refine(isWithin, { message: `must be between ${least} and ${most}` });
}

/** A path inside a repository: relative, with forward slashes, never upwards. */
export const repositoryPathSchema = z
  .string()
  .max(1_024)
  .refine((path) => path === '.' || isInside(path), {
    message: 'must be a path inside the repository: relative, without `..`, `.` or empty parts',
  });

export const branchSchema = z
  .string()
  .max(255)
  .regex(/^(?!\/|-)(?!.*(\/\/|\.\.|@\{|\\|[\s~^:?*[]))(?!.*(\.lock|\/|\.)$).+$/, 'must be a branch or tag name');

/** One kind of document: its schema, and what the names in it point to. */
export function documentSchema<Kind extends string, Spec extends z.ZodType>(kind: Kind, spec: Spec) {
  return z.strictObject({
    apiVersion: z.literal(documentApiVersion, `must be ${documentApiVersion}`),
    kind: z.literal(kind),
    metadata: metadataSchema,
    spec,
  });
}

function isInside(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\'));
}
