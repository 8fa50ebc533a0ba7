import { dirname, relative, resolve, sep } from 'node:path';
import type { RendererName, RenderSettings } from '@flotilla/model';
import { chooseRenderer, type RenderFile, type RenderJob } from '@flotilla/workload-render';
import { readTree } from './read-tree.ts';

/** What an application would say of a folder, said on the command line. */
export interface RenderWords {
  readonly with?: RendererName;
  /** Further files and folders that it builds on. */
  readonly also?: readonly string[];
  readonly values?: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
}

/**
 * Reads what a render is made from. Plain files keep the names that they were called by; what a program is to see is named
 * from where the person is, as in a repository, or from the folder that holds all of it.
 */
export async function readRenderJob(path: string, words: RenderWords): Promise<RenderJob> {
  const { also = [], values = [], release = 'release', namespace = 'default' } = words;
  const plain = { files: await readTree(path), path, application: release, namespace };
  const renderer = chooseRenderer(plain.files, path, { ...(words.with && { with: words.with }) });
  if (!renderer.ok || renderer.value === 'plain') return { ...plain, ...settingsOf(words, values) };
  const inputs = [path, ...also, ...values];
  const root = rootOf(inputs);
  const files = await Promise.all(inputs.map((input) => readTree(input, { everything: true })));
  const inRoot = (name: string) => relative(root, resolve(name)).split(sep).join('/') || '.';
  return {
    ...plain,
    files: distinct(files.flat().map((file) => ({ ...file, path: inRoot(file.path) }))),
    path: inRoot(path),
    ...settingsOf(words, values.map(inRoot)),
  };
}

function settingsOf(words: RenderWords, valuesFiles: readonly string[]): { settings: RenderSettings } {
  return {
    settings: {
      ...(words.with && { with: words.with }),
      ...(valuesFiles.length > 0 && { helm: { valuesFiles: [...valuesFiles] } }),
    },
  };
}

/** Where the person is, when everything is inside; otherwise the nearest folder that holds everything. */
function rootOf(inputs: readonly string[]): string {
  const full = inputs.map((input) => resolve(input));
  const holdsAll = (folder: string) =>
    full.every((input) => input === folder || !relative(folder, input).startsWith('..'));
  let root = process.cwd();
  if (!holdsAll(root)) root = full[0]!;
  while (!holdsAll(root)) root = dirname(root);
  return root;
}

function distinct(files: readonly RenderFile[]): RenderFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
