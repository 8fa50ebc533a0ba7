import { z } from 'zod';
import { parseDuration } from '@flotilla/foundation';
import { nameSchema } from '../names.ts';
import { branchSchema, documentSchema, durationSchema, repositoryPathSchema } from './common.ts';

/** Asked without a pause, a Git host would soon ask us to stay away. */
const pollIntervalSchema = durationSchema.refine((text) => (parseDuration(text) ?? 0) >= 1_000, {
  message: 'must be at least 1s; a webhook says at once that something was pushed',
});

const urlSchema = z
  .string()
  .max(2_048)
  .superRefine((url, context) => {
    const problem = urlProblem(url);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/** Whether Git is written to at once, or a person merges; a branch that refuses pushes gets a pull request in any case. */
export const writeModes = ['push', 'pullRequest'] as const;

/** The kinds of Git hosts whose pull requests are understood. */
export const gitHostTypes = ['github', 'gitlab'] as const;

/**
 * A Git remote: how it is polled or hooked, and by which names its credentials go. The control plane's credential is
 * sealed in the control plane; the agent's is a Secret in the agent's own cluster, so it never travels. What may write to
 * it, and what may open pull requests, are secrets of their own.
 */
export const repositorySchema = documentSchema(
  'Repository',
  z.strictObject({
    url: urlSchema,
    credentials: z
      .strictObject({
        controlPlane: nameSchema.optional(),
        agent: nameSchema.optional(),
      })
      .optional(),
    poll: z.strictObject({ interval: pollIntervalSchema.optional() }).optional(),
    webhook: z.strictObject({ secret: nameSchema }).optional(),
    write: z.strictObject({ credential: nameSchema, mode: z.enum(writeModes).optional() }).optional(),
    host: z.strictObject({ type: z.enum(gitHostTypes), url: urlSchema.optional(), credential: nameSchema }).optional(),
    configuration: z.strictObject({ branch: branchSchema, path: repositoryPathSchema }).optional(),
  }),
);

export type RepositoryDocument = z.infer<typeof repositorySchema>;

/** How often a repository is asked when its document does not say. */
export const pollIntervalDefault = '3m';

function urlProblem(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'must be a URL such as https://git.example.org/team/repository.git';
  if (url.username || url.password)
    return 'must not carry a user or a password; name a credential under spec.credentials';
  if (url.search || url.hash) return 'must not carry a query or a fragment';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return undefined;
  if (url.protocol === 'http:') return 'must be https; plain http is taken for this machine only';
  return `must be an https URL; ${url.protocol.slice(0, -1)} is not offered`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
