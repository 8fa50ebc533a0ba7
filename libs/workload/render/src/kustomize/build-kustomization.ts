import { done, refused, type Outcome } from '@flotilla/foundation';
import type { Programs } from '../programs/programs.ts';
import { inFolder, type RenderFile } from '../render-file.ts';
import { fromProgram, inFiles, type RenderRefusal } from '../render-refusal.ts';
import { checkKustomization } from './check-kustomization.ts';

/** What kustomize prints for a folder, as text. What would be fetched, leave the files or run a program is refused before. */
export async function buildKustomization(
  files: readonly RenderFile[],
  path: string,
  programs: Programs,
): Promise<Outcome<string, RenderRefusal>> {
  const problems = checkKustomization(files, path);
  if (problems.length > 0) return refused(inFiles(problems));
  const built = await programs.run('kustomize', { words: ['build', `./${path}`], files });
  return built.ok
    ? done(built.value)
    : refused(fromProgram('kustomize', inFolder(path, 'kustomization'), built.reason));
}
