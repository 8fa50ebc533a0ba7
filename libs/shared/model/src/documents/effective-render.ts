import { filledOrAsIs, templateVariables } from '../template.ts';
import type { ApplicationDocument } from './application.ts';
import type { RenderSettings } from './render-settings.ts';

/**
 * How an application is rendered in one environment: what it says for all of them, and on top what it says for this one.
 * Nothing when it says nothing, so that the files alone decide.
 */
export function effectiveRender(application: ApplicationDocument, environment: string): RenderSettings | undefined {
  const { metadata, spec } = application;
  const merged = mergedRender(spec.render, spec.in?.[environment]?.render);
  if (!merged?.helm?.valuesFiles) return merged;
  const variables = templateVariables({ project: metadata.project, environment, application: metadata.name });
  const valuesFiles = merged.helm.valuesFiles.map((template) => filledOrAsIs(template, variables));
  return { ...merged, helm: { ...merged.helm, valuesFiles } };
}

/** Values files are appended, so that the later ones win; everything else is laid over, field by field. */
function mergedRender(base: RenderSettings | undefined, over: RenderSettings | undefined): RenderSettings | undefined {
  if (!base || !over) return over ?? base;
  const valuesFiles = [...(base.helm?.valuesFiles ?? []), ...(over.helm?.valuesFiles ?? [])];
  const merged = laidOver(base, over) as RenderSettings;
  return valuesFiles.length === 0 ? merged : { ...merged, helm: { ...merged.helm, valuesFiles } };
}

/** As Helm lays values over each other: mappings field by field, everything else whole. */
function laidOver(base: unknown, over: unknown): unknown {
  if (!isMapping(base) || !isMapping(over)) return over;
  const fields = Object.entries(over).map(([name, value]) => {
    return [name, Object.hasOwn(base, name) ? laidOver(base[name], value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(fields) };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
