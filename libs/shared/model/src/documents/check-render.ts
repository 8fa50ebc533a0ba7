import { canonicalJson } from '@flotilla/foundation';
import { filledOrAsIs, templateVariables } from '../template.ts';
import type { ApplicationDocument } from './application.ts';
import type { FieldProblem } from './check-templates.ts';
import { effectiveRender } from './effective-render.ts';

/** Settings travel in every set of every cluster that the application goes to: a file in Git holds more, and once. */
const settingsBytesMax = 64 * 1024;

/**
 * What an application's render settings ask for and cannot have in one of its environments. A setting that would be
 * ignored is a mistake of whoever wrote it, and told before it takes effect.
 */
export function renderProblems(application: ApplicationDocument, environments: readonly string[]): FieldProblem[] {
  const { render, in: overrides = {} } = application.spec;
  const strangers = Object.keys(overrides).filter((name) => !environments.includes(name));
  if (!render && Object.values(overrides).every((over) => !over.render)) return strangers.map(notInPipeline);
  const found = environments.flatMap((environment) => problemsIn(application, environment));
  return [...strangers.map(notInPipeline), ...found];
}

function notInPipeline(environment: string): FieldProblem {
  return { path: ['spec', 'in', environment], message: 'is no environment of the pipeline' };
}

function problemsIn(application: ApplicationDocument, environment: string): FieldProblem[] {
  const render = effectiveRender(application, environment);
  if (!render) return [];
  const path = application.spec.in?.[environment]?.render ? ['spec', 'in', environment, 'render'] : ['spec', 'render'];
  const bytes = new TextEncoder().encode(canonicalJson(render)).length;
  const problems: FieldProblem[] = [];
  if (bytes > settingsBytesMax) {
    const message = `takes ${bytes} bytes in environment ${environment}, more than ${settingsBytesMax}; put values into a values file`;
    problems.push({ path, message });
  }
  if (render.helm && render.with !== undefined && render.with !== 'helm') {
    problems.push({ path, message: `has settings for helm, and is rendered with ${render.with} in ${environment}` });
  }
  return [...problems, ...undeclaredFiles(application, environment)];
}

/** A values file that is no declared input could change without a change of this application. */
function undeclaredFiles(application: ApplicationDocument, environment: string): FieldProblem[] {
  const { metadata, spec } = application;
  const variables = templateVariables({ project: metadata.project, environment, application: metadata.name });
  const roots = [spec.source.path, ...(spec.source.also ?? [])].map((template) => filledOrAsIs(template, variables));
  const lists = [
    { files: spec.render?.helm?.valuesFiles, path: ['spec', 'render', 'helm', 'valuesFiles'] },
    {
      files: spec.in?.[environment]?.render?.helm?.valuesFiles,
      path: ['spec', 'in', environment, 'render', 'helm', 'valuesFiles'],
    },
  ];
  return lists.flatMap(({ files = [], path }) =>
    files.flatMap((template, index) => {
      const file = filledOrAsIs(template, variables);
      if (roots.some((root) => root === '.' || file === root || file.startsWith(`${root}/`))) return [];
      const message = `${file} is not among the inputs in ${environment}; name it, or its folder, in source.also`;
      return [{ path: [...path, index], message }];
    }),
  );
}
