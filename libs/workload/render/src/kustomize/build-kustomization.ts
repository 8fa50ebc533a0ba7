import { done, refused, type Outcome } from '@flotilla/foundation';
import { inBox } from '../box/box-folder.ts';
import type { Programs } from '../programs/programs.ts';
import { fromProgram, invalid, type RenderFailure } from '../render-failure.ts';
import { inFolder, type RenderFile } from '../render-file.ts';
import { checkKustomization } from './check-kustomization.ts';

/** A folder that holds a kustomization, among the files that it may stand on. */
export interface KustomizationJob {
  readonly files: readonly RenderFile[];
  readonly path: string;
}

/** What kustomize prints for a folder, as text. What would be fetched, leave the files or run a program is refused before. */
export async function buildKustomization(
  { files, path }: KustomizationJob,
  programs: Programs,
  signal?: AbortSignal,
): Promise<Outcome<string, RenderFailure>> {
  const problems = checkKustomization(files, path);
  if (problems.length > 0) return refused(invalid(problems));
  const built = await programs.run('kustomize', { words: ['build', inBox(path)], files, signal });
  return built.ok
    ? done(built.value)
    : refused(fromProgram('kustomize', inFolder(path, 'kustomization'), built.reason));
}
