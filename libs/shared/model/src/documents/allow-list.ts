import { z } from 'zod';

const globSchema = z.string().min(1).max(253);
const kindsMax = 200;

/** What an entry of a list of kinds says; documents refuse other words, entries keep them for whoever understands them. */
export const allowedKindShape = {
  /** Empty for the core group. */
  group: z.string().max(253),
  kind: globSchema,
};

/** The same for kinds of the cluster, where one may be told from another by its name. */
export const allowedClusterKindShape = { ...allowedKindShape, name: globSchema.optional() };

/** Reads one kind that a project's applications may hold. */
const allowedKindSchema = z.strictObject(allowedKindShape);
const allowedClusterKindSchema = z.strictObject(allowedClusterKindShape);

/**
 * What the applications of a project may hold, asked of what was rendered, before any of it is applied. Names may hold `*`
 * and `?`. What is left out means what it means in an AppProject of Argo CD: every kind that lives in a namespace, none
 * of the cluster; and of namespaces only the application's own.
 */
export const allowListSchema = z.strictObject({
  namespaces: z.array(globSchema).max(kindsMax).optional(),
  kinds: z.array(allowedKindSchema).max(kindsMax).optional(),
  clusterKinds: z.array(allowedClusterKindSchema).max(kindsMax).optional(),
  /** Whether a Namespace may say how strictly pods in it are judged (`pod-security.kubernetes.io/…`). */
  podSecurity: z.boolean().default(false),
});
