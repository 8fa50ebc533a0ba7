import { done, refused, type Outcome } from '@flotilla/foundation';
import type { BoxFailure } from '../box/box-failure.ts';
import { programVersions, type ProgramName } from '../programs/program-versions.ts';
import type { FoundProgram, ProgramJob, Programs } from '../programs/programs.ts';

/** Programs that print what a test says, and remember what they were asked. */
export class ScriptedPrograms implements Programs {
  readonly jobs: {
    readonly name: ProgramName;
    readonly words: readonly string[];
    readonly files: readonly string[];
  }[] = [];
  /** What is printed, or why nothing is. */
  answer: string | BoxFailure = '';

  async run(name: ProgramName, { words, files }: ProgramJob): Promise<Outcome<string, BoxFailure>> {
    this.jobs.push({ name, words, files: files.map(({ path }) => path) });
    return typeof this.answer === 'string' ? done(this.answer) : refused(this.answer);
  }

  async find(name: ProgramName): Promise<Outcome<FoundProgram, BoxFailure>> {
    return done({ file: `/usr/bin/${name}`, version: programVersions[name].from });
  }
}
