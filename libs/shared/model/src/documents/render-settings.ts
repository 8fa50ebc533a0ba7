import { z } from 'zod';
import { repositoryPathSchema } from './common.ts';
import { templateOf } from './template-of.ts';

/** What may turn an application's files into manifests. */
export const rendererNames = ['plain', 'kustomize', 'helm'] as const;
export type RendererName = (typeof rendererNames)[number];

const helmSettingsSchema = z.strictObject({
  /** Name of the release inside the chart; the application's name when none is given. */
  releaseName: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/)
    .optional(),
  /** Values files in order, by their path in the repository; a later one wins. */
  valuesFiles: z.array(templateOf(repositoryPathSchema)).max(50).optional(),
  /** Values that win over every file. */
  values: z.record(z.string(), z.unknown()).optional(),
  skipCrds: z.boolean().optional(),
  skipTests: z.boolean().optional(),
});

/** How the files of an application become manifests; without it the files themselves decide, as with Argo CD. */
export const renderSettingsSchema = z.strictObject({
  with: z.enum(rendererNames).optional(),
  helm: helmSettingsSchema.optional(),
  /** Values for `${…}` in the rendered text. To be there turns substitution on; a name that is not set is an error. */
  substitute: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(4_096)).optional(),
});
export type RenderSettings = z.infer<typeof renderSettingsSchema>;
