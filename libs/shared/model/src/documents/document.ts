import { z } from 'zod';
import { applicationSchema } from './application.ts';
import { environmentSchema } from './environment.ts';
import { freezeSchema } from './freeze.ts';
import { notifierSchema } from './notifier.ts';
import { pipelineSchema } from './pipeline.ts';
import { projectSchema } from './project.ts';
import { repositorySchema } from './repository.ts';

/** The kinds that people author, in the order in which they build on each other. */
export const documentKinds = [
  'Project',
  'Repository',
  'Environment',
  'Pipeline',
  'Application',
  'Freeze',
  'Notifier',
] as const;

export type DocumentKind = (typeof documentKinds)[number];

/** The schema of each kind; a new kind begins with a line here. */
export const documentSchemas = {
  Project: projectSchema,
  Repository: repositorySchema,
  Environment: environmentSchema,
  Pipeline: pipelineSchema,
  Application: applicationSchema,
  Freeze: freezeSchema,
  Notifier: notifierSchema,
} as const satisfies Record<DocumentKind, z.ZodType>;

/** Reads a document of whichever kind it says it is. */
export const anyDocumentSchema = z.discriminatedUnion('kind', [
  projectSchema,
  repositorySchema,
  environmentSchema,
  pipelineSchema,
  applicationSchema,
  freezeSchema,
  notifierSchema,
]);

/** Any authored document. */
export type FleetDocument = z.infer<typeof anyDocumentSchema>;

/** What tells one document from all others. A project is its own project. */
export interface DocumentKey {
  readonly project: string;
  readonly kind: DocumentKind;
  readonly name: string;
}

/** The key of a document, by what its metadata say. */
export function keyOfDocument(document: FleetDocument): DocumentKey {
  const { name, project } = document.metadata;
  return { kind: document.kind, name, project: document.kind === 'Project' ? name : project };
}

/** A document as people name it: `Application shop/checkout`. */
export function documentTitle(key: DocumentKey): string {
  return key.kind === 'Project' ? `Project ${key.name}` : `${key.kind} ${key.project}/${key.name}`;
}

/** A key in one text, for maps: the same for the same document, and for no other. */
export function documentId(key: DocumentKey): string {
  return `${key.project}/${key.kind}/${key.name}`;
}
