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
    .regex(/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/, 'must be a name of at most 53 lower-case letters, digits and dashes')
    .optional(),
  /** Values files in order, by their path in the repository; a later one wins. */
  valuesFiles: z.array(templateOf(repositoryPathSchema)).max(50).optional(),
  /** Values that win over every file. */
  values: z.record(z.string(), z.unknown()).optional(),
  /** What a chart is told that the cluster serves, besides what every cluster does: `group/version` or `group/version/Kind`. */
  apiVersions: z
    .array(
      z.string().regex(/^[a-z0-9.-]+(\/[A-Za-z0-9]+){0,2}$/, 'must be as in monitoring.coreos.com/v1, or with a kind'),
    )
    .max(200)
    .optional(),
  skipCrds: z.boolean().optional(),
  skipTests: z.boolean().optional(),
});

const variableSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of letters, digits and _');

/** How the files of an application become manifests; without it the files themselves decide, as with Argo CD. */
export const renderSettingsSchema = z.strictObject({
  with: z.enum(rendererNames).optional(),
  helm: helmSettingsSchema.optional(),
  /** Values for `${…}` in the rendered text. To be there turns substitution on; a name that is not set is an error. */
  substitute: z.record(variableSchema, z.string().max(4_096)).optional(),
});
export type RenderSettings = z.infer<typeof renderSettingsSchema>;
