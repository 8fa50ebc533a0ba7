import { done, refused, type Outcome } from '@flotilla/foundation';

/** What a template may name, by its full dotted name. */
export type Variables = Readonly<Record<string, string>>;

/** Fills `${name}` from the variables. A name that is not defined is an error that lists those that are. */
export function fillTemplate(template: string, variables: Variables): Outcome<string, string> {
  const unknown = new Set<string>();
  const filled = template.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(variables, name.trim()) ? variables[name.trim()] : undefined;
    if (value === undefined) unknown.add(name.trim());
    return value ?? '';
  });
  if (unknown.size === 0) return done(filled);
  const known = Object.keys(variables).toSorted().join(', ');
  return refused(`\${${[...unknown].join('}, ${')}} is not defined in \`${template}\`; defined are: ${known}`);
}

/** The template filled, or as it stands where a name of it is not defined: what is checked elsewhere needs no second error. */
export function filledOrAsIs(template: string, variables: Variables): string {
  const filled = fillTemplate(template, variables);
  return filled.ok ? filled.value : template;
}

/** The names that a path template or a namespace may use: the same on every cluster of an environment. */
export function templateVariables(place: { project: string; environment: string; application: string }): Variables {
  return {
    'project.name': place.project,
    'environment.name': place.environment,
    'application.name': place.application,
  };
}
