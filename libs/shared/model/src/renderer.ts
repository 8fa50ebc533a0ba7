import type { RendererName, RenderSettings } from './documents/render-settings.ts';

/**
 * The renderer of plain YAML and its version. It is part of every source digest: a renderer that may give other
 * results from the same files gets another version here.
 */
export const plainRenderer = 'plain/1';

/** How each program is asked to render, and how texts are filled: another way of asking gets another version here. */
const versions: Readonly<Record<RendererName | 'substitute', string>> = {
  plain: plainRenderer,
  kustomize: 'kustomize/1',
  helm: 'helm/1',
  substitute: 'substitute/1',
};

/** Whatever may take part where the settings name it. A program itself has its own version, and each cluster its own program. */
export function renderersOf({ with: name, substitute }: RenderSettings): readonly string[] {
  const renderers = name ? [versions[name]] : [versions.plain, versions.kustomize, versions.helm];
  return [...renderers, ...(substitute ? [versions.substitute] : [])];
}
