import { nameSchema } from '../names.ts';
import { fillTemplate, templateVariables } from '../template.ts';
import type { ApplicationDocument } from './application.ts';
import { repositoryPathSchema } from './common.ts';

/** What is wrong with a field of an application that is well formed by itself. */
export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Checks what templates really become: with short names they may be fine and with long ones not. One name that is too
 * long would spoil the whole set of every cluster that it is sent to.
 */
export function templateProblems(application: ApplicationDocument, environments: readonly string[]): FieldProblem[] {
  const { metadata, spec } = application;
  const { path, also = [] } = spec.source;
  const templates = [
    { template: spec.namespace, schema: nameSchema, path: ['spec', 'namespace'] },
    { template: path, schema: repositoryPathSchema, path: ['spec', 'source', 'path'] },
    ...also.map((template, index) => ({
      template,
      schema: repositoryPathSchema,
      path: ['spec', 'source', 'also', index],
    })),
  ];
  return environments.flatMap((environment) => {
    const variables = templateVariables({ project: metadata.project, environment, application: metadata.name });
    return templates.flatMap(({ template, schema, path: place }) => {
      const filled = fillTemplate(template, variables);
      const read = filled.ok ? schema.safeParse(filled.value) : undefined;
      if (!filled.ok || !read || read.success) return [];
      const message = `becomes \`${filled.value}\` in environment ${environment}, which ${read.error.issues[0]!.message}`;
      return [{ path: place, message }];
    });
  });
}
