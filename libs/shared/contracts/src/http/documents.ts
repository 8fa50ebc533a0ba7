import { z } from 'zod';
import { documentKinds, freezeStates, nameSchema, reasonSchema } from '@flotilla/model';
import { blastView, inProject, metadataView, pageOf, pageQuery, projectParams } from './common.ts';
import { operation } from './operation.ts';

/** Documents travel as the text that people wrote, so that errors can name the line in their file. */
const documentFileSchema = z.object({
  file: z.string().max(1_024),
  text: z.string().max(1_048_576),
});

export type DocumentFile = z.infer<typeof documentFileSchema>;

const documentChangeView = z.object({
  action: z.enum(['create', 'update', 'unchanged', 'delete']),
  kind: z.enum(documentKinds),
  project: z.string(),
  name: z.string(),
  /** The fields that differ, as `spec.source.path: old -> new`. */
  fields: z.array(z.string()),
  /** How much a freeze that comes, changes or goes is about, as targets stand now; another one may hold the same. */
  blast: blastView.optional(),
});

const documentPlanView = z.object({
  changes: z.array(documentChangeView),
  /** Nothing was changed: this is what would be. */
  dryRun: z.boolean(),
});

export type DocumentPlanView = z.infer<typeof documentPlanView>;

/** Targets in numbers. */
export const countsView = z.object({
  total: z.int(),
  sync: z.record(z.string(), z.int()),
  health: z.record(z.string(), z.int()),
});

export type CountsView = z.infer<typeof countsView>;

/** What became of a freeze: who ordered it, whether it holds, and how many of its clusters said that they keep it. */
export const freezeStatusView = z.object({
  state: z.enum(freezeStates),
  by: z.string(),
  since: z.string(),
  expires: z.string().optional(),
  /** Clusters with a target that is frozen. */
  clusters: z.int(),
  /** Those whose agents reported the entry that says so. */
  acknowledged: z.int(),
  /** Those that did not, and are not heard. */
  offline: z.int(),
  /** Applications whose entries do not say it yet. */
  unplanned: z.int(),
});

export type FreezeStatusView = z.infer<typeof freezeStatusView>;

/** A document as it was authored, with what became of it. */
export const documentView = z.object({
  apiVersion: z.string(),
  kind: z.enum(documentKinds),
  metadata: metadataView,
  spec: z.record(z.string(), z.unknown()),
  status: z.object({
    /** What stands in the way, in a person's words. */
    problem: reasonSchema.optional(),
    counts: countsView.optional(),
    /** Of a repository: where its tracked refs point, and when that was last seen. */
    refs: z.array(z.object({ ref: z.string(), commit: z.string(), seenAt: z.string() })).optional(),
    /** Of an environment: how many clusters it has. */
    clusters: z.int().optional(),
    freeze: freezeStatusView.optional(),
  }),
});

export type DocumentView = z.infer<typeof documentView>;

/** The nouns in URLs and in the CLI: lower-case plurals. */
export const documentPlurals = {
  Project: 'projects',
  Repository: 'repositories',
  Environment: 'environments',
  Pipeline: 'pipelines',
  Application: 'applications',
  Freeze: 'freezes',
  Notifier: 'notifiers',
} as const;

const pluralSchema = z.enum(['repositories', 'environments', 'pipelines', 'applications', 'freezes', 'notifiers']);
const documentParams = projectParams.extend({ plural: pluralSchema, name: nameSchema });

export const documentOperations = {
  listProjects: operation({
    method: 'GET',
    path: '/api/v1/projects',
    summary: 'List projects, all that the token is for: there are as many as there are teams',
    permission: 'read',
    keepsToProject: true,
    response: pageOf(documentView),
  }),
  applyDocuments: operation({
    method: 'POST',
    path: `${inProject}/apply`,
    summary: 'Create or change documents: all of them, or none',
    permission: 'write',
    params: projectParams,
    body: z.object({
      files: z.array(documentFileSchema).min(1).max(500),
      dryRun: z.boolean().default(false),
    }),
    response: documentPlanView,
  }),
  listDocuments: operation({
    method: 'GET',
    path: `${inProject}/documents/{plural}`,
    summary: 'List repositories, environments, pipelines, applications, freezes or notifiers',
    permission: 'read',
    params: projectParams.extend({ plural: pluralSchema }),
    query: pageQuery.extend({ labelSelector: z.string().max(2_000).optional() }),
    response: pageOf(documentView),
  }),
  getDocument: operation({
    method: 'GET',
    path: `${inProject}/documents/{plural}/{name}`,
    summary: 'Show one document',
    permission: 'read',
    params: documentParams,
    response: documentView,
  }),
  deleteDocument: operation({
    method: 'DELETE',
    path: `${inProject}/documents/{plural}/{name}`,
    summary: 'Delete a document; what it ran is orphaned unless the application says otherwise',
    permission: 'write',
    params: documentParams,
    query: z.object({ dryRun: z.stringbool().default(false) }),
    response: documentPlanView,
  }),
  lookAtRepository: operation({
    method: 'POST',
    path: `${inProject}/documents/repositories/{name}/look`,
    summary: 'Ask the remote for its refs now',
    permission: 'write',
    params: projectParams.extend({ name: nameSchema }),
    response: z.object({ repository: z.string() }),
    status: 202,
  }),
  putCredential: operation({
    method: 'PUT',
    path: `${inProject}/credentials/{name}`,
    summary: 'Store a secret that the control plane needs; it can be replaced, never read',
    permission: 'admin',
    params: projectParams.extend({ name: nameSchema }),
    body: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('basic'),
        /** The only origin that will ever be sent this credential: `https://git.example.org`. */
        origin: z.string().max(512),
        username: z.string().max(256),
        password: z.string().max(4_096),
      }),
      z.object({ kind: z.literal('bearer'), origin: z.string().max(512), token: z.string().max(8_192) }),
      /** The address of a hook that whoever knows it may post to. It is written out nowhere. */
      z.object({ kind: z.literal('address'), address: z.url({ protocol: /^https?$/ }).max(2_048) }),
      z.object({ kind: z.literal('webhook'), secret: z.string().min(16, 'must have at least 16 characters').max(512) }),
    ]),
    response: z.object({ name: z.string(), kind: z.string() }),
  }),
} as const;

export type CredentialBody = z.output<typeof documentOperations.putCredential.body & z.ZodType>;
