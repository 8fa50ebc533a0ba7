import { refused, type Outcome } from '@flotilla/foundation';
import { objectTitle } from '@flotilla/model';
import type { Manifest, ManifestFile, SourceProblem } from '@flotilla/workload-manifests';
import { readRendered, type ReadingOptions, type Rendered } from './read-rendered.ts';

/**
 * Reads what a program printed. A warning that it prints among its objects may read as a field of the next one, and what
 * was printed is not the whole picture then; it is refused, whatever the rest says.
 */
export function readPrinted(
  files: readonly ManifestFile[],
  options: ReadingOptions,
): Outcome<Rendered, readonly SourceProblem[]> {
  const read = readRendered(files, options);
  if (!read.ok) return read;
  const problems = read.value.manifests.flatMap(strayLines);
  return problems.length > 0 ? refused(problems) : read;
}

/** No API has a field at the top of its objects that begins like a sentence. */
function strayLines({ object, key, file, line }: Manifest): SourceProblem[] {
  const strays = Object.keys(object).filter((field) => !/^[a-z][A-Za-z0-9]*$/.test(field));
  return strays.map((field) => {
    const message = `\`${field.slice(0, 80)}\` is no field of an object; the program printed something else as well`;
    return { file, line, document: objectTitle(key), message };
  });
}
