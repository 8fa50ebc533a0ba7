import { shortened } from '@flotilla/foundation';
import type { SourceProblem } from '@flotilla/workload-manifests';
import type { BoxFailure } from './box/box-failure.ts';
import type { ProgramName } from './programs/program-versions.ts';

/** Why there is no result. With one problem there is none: what is left would not be the whole picture. */
export interface RenderFailure {
  /** `Invalid`: the files, or what came out of them, are not what they have to be. Otherwise, what kept a program from it. */
  readonly kind: 'Invalid' | BoxFailure['kind'];
  readonly problems: readonly SourceProblem[];
}

/** What is wrong in the files, or in what was made of them. */
export function invalid(problems: readonly SourceProblem[]): RenderFailure {
  return { kind: 'Invalid', problems };
}

/** What a program said before it gave up, on one line, in words that name our files. */
export function fromProgram(name: ProgramName, file: string, { kind, message }: BoxFailure): RenderFailure {
  const said = kind === 'Failed' || kind === 'Unavailable' ? inOurWords(message) : `${name} ${message}`;
  return { kind, problems: [{ file, message: shortened(said, 1_000) }] };
}

/** The folder of the box means nothing outside, nor does a flag that nobody can give. */
function inOurWords(message: string): string {
  const told = message.replace(/^Error: /, '').replace('Use --debug flag to render out invalid YAML', '');
  const inside = told.replaceAll(/(?<![\w.-])\/files\//g, '');
  return inside.replaceAll(/\s*\n\s*/g, ' ').trim();
}
