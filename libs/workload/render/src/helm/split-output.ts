import { posix } from 'node:path';

/** What one template made, and which one. */
export interface TemplateOutput {
  /** The path of the template in the repository, or of the chart where helm names none. */
  readonly path: string;
  readonly text: string;
}

/**
 * Takes what helm prints apart by the template that each part comes from, so that a problem can name a file that exists.
 * helm names templates from the chart's own name on, which is seldom the folder's. A line that begins a document cannot
 * stand inside of a value, so this never cuts one in two.
 */
export function splitOutput(output: string, chartPath: string): TemplateOutput[] {
  const parts = output.split(/^---[ \t]*$(?=\n# Source: )/m).filter((text) => text.trim() !== '');
  return parts.map((text) => ({ path: templateOf(text, chartPath), text }));
}

function templateOf(text: string, chartPath: string): string {
  const [, source] = /^\s*# Source: [^/\n]+\/(\S.*)$/m.exec(text) ?? [];
  return posix.join(chartPath, source === undefined ? 'Chart.yaml' : source.trimEnd());
}
