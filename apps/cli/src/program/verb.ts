import type { Command } from 'commander';
import type { Session } from '../session.ts';

/** Something that may be typed next, and what it is. */
export interface Candidate {
  readonly text: string;
  readonly about?: string | undefined;
}

/** One thing that this program does. */
export interface Verb<Options = Readonly<Record<string, unknown>>> {
  /** Calls to copy, without the program's name: they come first in the help. */
  readonly examples: readonly string[];
  /** Says which arguments and options there are. */
  declare(command: Command): void;
  /** Does it. The exit code, or success when nothing is returned; a failure is thrown. */
  run(session: Session, args: readonly string[], options: Options): Promise<number | void>;
  /** Exit code 1 tells of differences here, so a failure must be another. */
  readonly tellsDifferences?: boolean;
  /** What may stand where the next argument goes, after those that stand there already. */
  complete?(session: Session, args: readonly string[]): Promise<readonly Candidate[]>;
}

/** A verb of the table: its file is read when somebody uses it. */
export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
  /** For programs, not for people. */
  readonly hidden?: boolean;
}

/** Verbs about one thing: `cluster join`, `cluster label`. */
export interface VerbGroup {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly VerbEntry[];
}

/** Verbs that are shown together in the help. */
export interface VerbChapter {
  readonly title: string;
  readonly verbs: readonly (VerbEntry | VerbGroup)[];
}

/** Lets a verb say what its own options look like; all else treats every verb alike. */
export function defineVerb<Options>(verb: Verb<Options>): Verb {
  return verb as unknown as Verb;
}
