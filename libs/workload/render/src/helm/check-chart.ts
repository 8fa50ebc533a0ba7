import { problemAt, type SourceProblem, type YamlDocument } from '@flotilla/workload-manifests';
import { readLeniently } from '../read-leniently.ts';
import { inFolder, isInside, type RenderFile } from '../render-file.ts';
import type { ChartJob } from './chart-job.ts';

/** What a chart, and what it is rendered with, need and do not have here: said before helm runs, with the way out. */
export function checkChart({ files, path, settings = {} }: ChartJob): SourceProblem[] {
  const names = new Set(files.map((file) => file.path));
  const missing = (settings.valuesFiles ?? []).filter((file) => !names.has(file));
  return [
    ...missing.map((file) => ({ file, message: valuesMessage })),
    ...['Chart.yaml', 'requirements.yaml'].flatMap((name) => dependencyProblems(files, path, inFolder(path, name))),
  ];
}

const valuesMessage =
  'is a values file that does not exist at this commit, or is not among the inputs of the application (source.also)';

/** Charts that a chart stands on have to be in its `charts/`: helm would fetch them otherwise, and there is no network. */
function dependencyProblems(files: readonly RenderFile[], path: string, name: string): SourceProblem[] {
  const file = files.find((each) => each.path === name);
  if (!file) return [];
  const vendored = vendoredCharts(files, inFolder(path, 'charts'));
  return readLeniently(new TextDecoder().decode(file.content), name).flatMap((document) =>
    dependenciesOf(document)
      .filter((dependency) => !vendored.isThere(dependency.name))
      .map(({ name: chart, index }) => absentDependency(document, chart, index)),
  );
}

function absentDependency(document: YamlDocument, chart: string, index: number): SourceProblem {
  const message = `the chart ${chart} is not in charts/, and a render has no network; run \`helm dependency build\` and commit charts/`;
  return problemAt(document, ['dependencies', index], message);
}

interface Dependency {
  readonly name: string;
  readonly index: number;
}

function dependenciesOf({ value }: YamlDocument): Dependency[] {
  const { dependencies } = (value ?? {}) as { dependencies?: unknown };
  if (!Array.isArray(dependencies)) return [];
  return dependencies.flatMap((dependency: unknown, index) => {
    const { name } = (dependency ?? {}) as { name?: unknown };
    return typeof name === 'string' ? [{ name, index }] : [];
  });
}

/** By the name that a chart gives itself; an archive may hold any chart, whatever it is called, so helm looks there. */
function vendoredCharts(files: readonly RenderFile[], folder: string) {
  const inside = files.filter((file) => file.path !== folder && isInside(file.path, folder));
  const hasArchive = inside.some(({ path }) => /\.(tgz|tar\.gz)$/.test(path));
  const names = inside.filter(({ path }) => path.endsWith('/Chart.yaml')).map(nameOf);
  return { isThere: (name: string) => hasArchive || names.includes(name) };
}

function nameOf({ path, content }: RenderFile): unknown {
  const [document] = readLeniently(new TextDecoder().decode(content), path);
  return ((document?.value ?? {}) as { name?: unknown }).name;
}
