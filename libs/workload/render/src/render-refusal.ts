import { shortened } from '@flotilla/foundation';
import type { SourceProblem } from '@flotilla/workload-manifests';
import type { BoxFailure } from './box/run-in-box.ts';
import type { ProgramName } from './programs/program-versions.ts';

/** Why there is no result. With one problem there is none: what is left would not be the whole picture. */
export interface RenderRefusal {
  readonly problems: readonly SourceProblem[];
  /** Whether it stays like this until Git changes, or may go well on another day or with something installed. */
  readonly mendedBy: 'Git' | 'this machine';
}

/** What is wrong in the files. */
export function inFiles(problems: readonly SourceProblem[]): RenderRefusal {
  return { problems, mendedBy: 'Git' };
}

/** What a program said before it gave up, on one line, in words that name our files. A slow machine may be a busy one. */
export function fromProgram(name: ProgramName, file: string, { kind, message }: BoxFailure): RenderRefusal {
  const said = kind === 'Failed' || kind === 'Unavailable' ? inOurWords(message) : `${name} ${message}`;
  const mendedBy = kind === 'Unavailable' || kind === 'TooSlow' ? 'this machine' : 'Git';
  return { problems: [{ file, message: shortened(said, 1_000) }], mendedBy };
}

/** The folder of the box means nothing outside, nor does a flag that nobody can give. */
function inOurWords(message: string): string {
  const told = message.replace(/^Error: /, '').replace('Use --debug flag to render out invalid YAML', '');
  return told
    .replaceAll(/(?<![\w.-])\/files\/(?:\.\/)?/g, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}
