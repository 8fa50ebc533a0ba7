import { problemAt, type SourceProblem, type YamlDocument } from '@flotilla/workload-manifests';
import { inFolder, type RenderFile } from '../render-file.ts';
import { rendererMarks } from '../renderer-marks.ts';
import { resolveEntry, type DeclaredFiles } from './entry-problem.ts';
import { entriesOf, helmFields, pluginEntries, type KustomizationEntry } from './kustomization-entries.ts';
import { readLeniently } from '../read-leniently.ts';

/**
 * What a kustomization, and every one that it stands on, names and may not have: what is fetched, what leaves the
 * declared files, and what would run a program. The box holds it back too; said here, it has a place and a way out.
 */
export function checkKustomization(files: readonly RenderFile[], path: string): SourceProblem[] {
  return new KustomizationCheck(files).folder(path, 'resources');
}

/** Whether what a folder brings is objects, or configurations of what makes and changes objects. */
type Brings = 'resources' | 'plugins';

const markNames = Object.keys(rendererMarks).filter((name) => rendererMarks[name] === 'kustomize');

class KustomizationCheck implements DeclaredFiles {
  readonly #contents: ReadonlyMap<string, Uint8Array>;
  readonly #folders: ReadonlySet<string>;
  readonly #seen = new Set<string>();

  constructor(files: readonly RenderFile[]) {
    this.#contents = new Map(files.map(({ path, content }) => [path, content]));
    this.#folders = new Set(['.', ...files.flatMap(({ path }) => foldersOf(path))]);
  }

  readonly isFile = (path: string): boolean => this.#contents.has(path);
  readonly isFolder = (path: string): boolean => this.#folders.has(path);

  /** Each folder once for each of its uses: kustomizations may stand on each other in circles, which kustomize names. */
  folder(path: string, brings: Brings): SourceProblem[] {
    const visit = `${brings} ${path}`;
    if (this.#seen.has(visit)) return [];
    this.#seen.add(visit);
    const marks = markNames.map((name) => inFolder(path, name)).filter(this.isFile);
    return marks.flatMap((mark) => this.#file(mark, (document) => this.#kustomization(document, path, brings)));
  }

  #kustomization(document: YamlDocument, folder: string, brings: Brings): SourceProblem[] {
    const helm = helmFields(document.value).map((path) => problemAt(document, path, helmMessage));
    const entries = entriesOf(document.value).map((entry) =>
      brings === 'plugins' && entry.path[0] === 'resources' ? ({ ...entry, use: 'plugins' } as const) : entry,
    );
    return [...helm, ...entries.flatMap((entry) => this.#entry(document, entry, folder))];
  }

  #entry(document: YamlDocument, { path, text, use }: KustomizationEntry, folder: string): SourceProblem[] {
    if (isInline(text)) {
      if (use !== 'plugins') return [];
      return this.#text(text, document.file, (plugin) => this.#plugin(plugin, folder)).map((problem) =>
        problemAt(document, path, problem.message),
      );
    }
    const resolved = resolveEntry(text, folder, this);
    if ('problem' in resolved) return [problemAt(document, path, `${JSON.stringify(text)} ${resolved.problem}`)];
    if (this.isFolder(resolved.path)) return this.folder(resolved.path, use === 'plugins' ? 'plugins' : 'resources');
    return use === 'plugins' ? this.#file(resolved.path, (plugin) => this.#plugin(plugin, folder)) : [];
  }

  /** The configuration of one generator, transformer or validator: only those that are part of kustomize may run. */
  #plugin(document: YamlDocument, folder: string): SourceProblem[] {
    const { apiVersion, kind, metadata } = (document.value ?? {}) as PluginConfiguration;
    const annotations = Object.keys(metadata?.annotations ?? {});
    if (annotations.some((name) => functionAnnotations.includes(name)))
      return [problemAt(document, ['metadata', 'annotations'], programMessage)];
    if (apiVersion !== 'builtin') return [problemAt(document, ['apiVersion'], programMessage)];
    if (kind === 'HelmChartInflationGenerator') return [problemAt(document, ['kind'], helmMessage)];
    return pluginEntries(document.value).flatMap((entry) => this.#entry(document, entry, folder));
  }

  #file(path: string, check: (document: YamlDocument) => SourceProblem[]): SourceProblem[] {
    return this.#text(new TextDecoder().decode(this.#contents.get(path)), path, check);
  }

  #text(text: string, file: string, check: (document: YamlDocument) => SourceProblem[]): SourceProblem[] {
    return readLeniently(text, file).flatMap(check);
  }
}

interface PluginConfiguration {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: { readonly annotations?: Readonly<Record<string, unknown>> };
}

const functionAnnotations = ['config.kubernetes.io/function', 'config.k8s.io/function'];
const programMessage =
  'would run a program or a container of its own; only what is part of kustomize (`builtin`) may run';
const helmMessage =
  'would run helm inside of kustomize, and fetch a chart; let an application of its own point to the chart, or commit what it makes';

/** Patches and configurations may stand in the kustomization itself instead of the name of a file. */
function isInline(text: string): boolean {
  return /\n|^\s*[{[]|:\s/.test(text);
}

function foldersOf(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}
