import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { done, Limit, refused, type Outcome, type Refused } from '@flotilla/foundation';
import type { BoxFailure } from '../box/box-failure.ts';
import { boxLimits, type BoxLimits } from '../box/box-limits.ts';
import { runInBox, type BoxJob } from '../box/run-in-box.ts';
import {
  isTaken,
  programVersions,
  readVersion,
  versionsText,
  type ProgramName,
  type Version,
} from './program-versions.ts';

/** The programs that render, as they are to be had on one machine. */
export interface Programs {
  /** Runs a program on these files and nothing else; or says why it could not, with the way out where it is not the files. */
  run(name: ProgramName, job: ProgramJob): Promise<Outcome<string, BoxFailure>>;
  /** The program that would run, as exactly as it tells: another version may make something else of the same files. */
  find(name: ProgramName): Promise<Outcome<FoundProgram, BoxFailure>>;
}

/** A program of a version that is taken. */
export interface FoundProgram {
  readonly file: string;
  readonly version: Version;
}

/** What a program is to do: its words, and the files that it sees. */
export type ProgramJob = Pick<BoxJob, 'words' | 'files' | 'signal'>;

/** Where programs are looked for. */
export interface ProgramPlaces {
  /** Full paths; a program that has none is looked for on the PATH. */
  readonly configured?: Partial<Readonly<Record<ProgramName, string | undefined>>>;
  /** As in the environment: folders, one after another. */
  readonly path?: string | undefined;
  readonly limits?: BoxLimits;
}

/** How many run at once: each may need hundreds of megabytes, and a processor for itself. */
const runningMax = 2;

/** Programs that are installed on this machine, each checked for its version when it is first needed. */
export class InstalledPrograms implements Programs {
  readonly #places: ProgramPlaces;
  readonly #limit = new Limit(runningMax);
  /** Only what was found is kept: who installs a program that was missing need not start us anew. */
  readonly #found = new Map<ProgramName, FoundProgram>();

  constructor(places: ProgramPlaces) {
    this.#places = places;
  }

  run(name: ProgramName, job: ProgramJob): Promise<Outcome<string, BoxFailure>> {
    return this.#limit.run(async () => {
      const program = await this.find(name);
      return program.ok ? this.#inBox(program.value.file, job) : program;
    });
  }

  #inBox(program: string, job: ProgramJob): Promise<Outcome<string, BoxFailure>> {
    return runInBox({ ...job, program, limits: this.#places.limits ?? boxLimits });
  }

  async find(name: ProgramName): Promise<Outcome<FoundProgram, BoxFailure>> {
    const known = this.#found.get(name);
    if (known) return done(known);
    const candidate = this.#places.configured?.[name] || onPath(name, this.#places.path);
    if (!candidate) return unavailable(name, 'is not on the PATH of this machine');
    if (!isProgram(candidate)) return unavailable(name, `is not a program at ${candidate}`);
    const checked = await check(name, candidate);
    if (checked.ok) this.#found.set(name, checked.value);
    return checked;
  }
}

/** Asked in the box as well: a program that cannot run there is none for us. */
async function check(name: ProgramName, file: string): Promise<Outcome<FoundProgram, BoxFailure>> {
  const said = await runInBox({ program: file, words: ['version'], files: [] });
  if (!said.ok) return refused({ ...said.reason, message: `${name} (${file}): ${said.reason.message}` });
  const version = readVersion(said.value);
  if (version && isTaken(version, programVersions[name])) return done({ file, version });
  const told = version ? `is of version ${version.join('.')}` : `says no version (${said.value.trim().slice(0, 80)})`;
  return unavailable(name, `at ${file} ${told}`);
}

function unavailable(name: ProgramName, what: string): Refused<BoxFailure> {
  const { setting } = programVersions[name];
  const wayOut = `put an official ${name} there, or name one in ${setting}; the agent's image brings it`;
  const message = `${name} ${what}; needed is ${versionsText(programVersions[name])}: ${wayOut}`;
  return refused({ kind: 'Unavailable', message });
}

function onPath(name: ProgramName, path = ''): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder.startsWith('/'));
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
