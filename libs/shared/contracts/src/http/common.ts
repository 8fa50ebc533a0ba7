import { z } from 'zod';
import { nameSchema, uidSchema } from '@flotilla/model';

/** The first part of every route but the few that stand outside projects. */
export const inProject = '/api/v1/projects/{project}';

export const projectParams = z.object({ project: nameSchema });
export const namedParams = projectParams.extend({ name: nameSchema });
export const uidParams = projectParams.extend({ uid: uidSchema });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Opaque: give back `nextCursor` of the page before. */
  cursor: z.string().max(512).optional(),
});

/** Text that a list is narrowed by. No record holds the character zero, and PostgreSQL refuses to be asked for it. */
export function filterText(length: number) {
  return z
    .string()
    .max(length)
    .refine((text) => !text.includes('\0'), 'must not hold the character zero');
}

/** A moment that something is asked about. */
export const momentText = z.iso.datetime().refine((text) => Date.parse(text) >= 0, 'must be a time since 1970');

export type PageQuery = z.output<typeof pageQuery>;

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}

/** How much of the fleet an order touches. */
export const blastView = z.object({
  applications: z.int(),
  environments: z.int(),
  clusters: z.int(),
  targets: z.int(),
});

/** What every noun carries. */
export const metadataView = z.object({
  uid: z.string(),
  name: z.string(),
  project: z.string(),
  createdAt: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  /** Moves with each change of the spec. */
  generation: z.int().optional(),
  /** Who may change it: `apply`, or a configuration path. */
  owner: z.string().optional(),
});

/** A noun as the API shows it: Kubernetes' three parts. */
export function nounView<Kind extends string, Spec extends z.ZodType, Status extends z.ZodType>(
  kind: Kind,
  spec: Spec,
  status: Status,
) {
  return z.object({ kind: z.literal(kind), metadata: metadataView, spec, status });
}

/** Clusters by name: how many there are, and the first of them. */
export const someClusters = z.object({ count: z.int(), names: z.array(z.string()) });
