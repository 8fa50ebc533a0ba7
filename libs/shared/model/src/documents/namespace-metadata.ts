import { z } from 'zod';
import { labelsSchema } from '../selector.ts';

/** What stands on the namespace of a target by its application's word; documents refuse other words, entries keep them. */
export const namespaceMetadataShape = {
  labels: labelsSchema.optional(),
  annotations: z.record(z.string().min(1).max(316), z.string().max(4_096)).optional(),
};

/** Names that say something of themselves: Kubernetes' own, and our marks. */
const reserved = /^(kubernetes\.io\/metadata\.name|([a-z0-9-]+\.)*flotilla\.dev\/.*)$/;

/** Labels and annotations that an application wants on the namespace that it lives in. */
export const namespaceMetadataSchema = z
  .strictObject(namespaceMetadataShape)
  .refine((metadata) => namesOf(metadata).length > 0, { message: 'must name at least one label or annotation' })
  .refine((metadata) => !namesOf(metadata).some((name) => reserved.test(name)), {
    message: 'must not name `kubernetes.io/metadata.name`, or anything of `flotilla.dev`',
  });
export type NamespaceMetadata = z.infer<typeof namespaceMetadataSchema>;

function namesOf({ labels = {}, annotations = {} }: z.infer<z.ZodObject<typeof namespaceMetadataShape>>): string[] {
  return [...Object.keys(labels), ...Object.keys(annotations)];
}
