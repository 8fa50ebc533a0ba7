import { isoTime } from '@flotilla/foundation';
import type { RecordCause } from '@flotilla/model';
import type { Candidate, GateWait } from './stage-standing.ts';

/** The file in Git that says what a stage runs. */
export interface RecordPlace {
  /** The name of the Repository document. */
  readonly repository: string;
  readonly branch: string;
  readonly path: string;
}

/** `Written`: it was read back from the branch. `Failing`: something stands in the way, and it is tried again. */
export const recordStates = ['Writing', 'Failing', 'Written'] as const;
export type RecordState = (typeof recordStates)[number];

/** What was last to be written down of a stage, and how far that is. */
export interface GitRecord {
  readonly uid: string;
  readonly environment: string;
  readonly digest: string;
  readonly place: RecordPlace;
  readonly state: RecordState;
  /** Why it fails. */
  readonly reason?: string;
  /** The head of the branch in which it was read back. */
  readonly commit?: string;
  readonly since: Date;
  readonly nextTry?: Date;
}

/** A release that Git is to name for a stage. */
export interface NamedRelease {
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  readonly cause: RecordCause;
  /** Who promoted it, or ordered to go back to it; nobody did where it goes by itself. */
  readonly by?: string;
}

/** A release that is to be written down. */
export interface PlannedRecord extends NamedRelease {
  readonly environment: string;
  readonly place: RecordPlace;
}

const gate = 'record';

interface Recording {
  readonly environment: string;
  /** Where records of this stage are; nowhere where it keeps none. */
  readonly place: RecordPlace | undefined;
  readonly records: readonly GitRecord[];
}

/** What keeps a release from entering: that Git does not say so yet. */
export function recordWaits(digest: string | undefined, recording: Recording): GateWait[] {
  const { place } = recording;
  if (!place) return [];
  const record = recordOf(recording, digest);
  if (record?.state === 'Written') return [];
  const where = `${place.path} on ${place.branch} of ${place.repository}`;
  if (!record) return [{ gate, blockedBy: `it is written to ${where} once nothing else holds it back` }];
  const { state, reason, since, nextTry } = record;
  const why = reason === undefined ? '' : `: ${reason}`;
  return [
    {
      gate,
      blockedBy: state === 'Failing' ? `it cannot be written to ${where}${why}` : `it is being written to ${where}`,
      since: isoTime(since.getTime()),
      ...(state === 'Failing' && { whoCanAct: `whoever may change repository ${place.repository}` }),
      ...(nextTry && { nextTry: isoTime(nextTry.getTime()) }),
    },
  ];
}

/** Whether a wait is for Git: that comes last of all, also after whoever is asked outside. */
export function isRecordWait(wait: Pick<GateWait, 'gate'>): boolean {
  return wait.gate === gate;
}

/** A release before a stage, as everything else judged it. */
export type RecordCandidate = Pick<Candidate, 'release' | 'revision' | 'digest' | 'waits'> & {
  readonly never: boolean;
  readonly orderedBy?: string | undefined;
};

/** What becomes of the record of a stage. */
interface RecordPlan {
  readonly records: readonly PlannedRecord[];
  /** Uids of what is not written yet and shall not be any more. */
  readonly withdrawnRecords: readonly string[];
  /** Why Git does not say what runs, where no release waits for that. */
  readonly unsaid?: GateWait;
}

/**
 * Git names the newest release that nothing but its record holds back, so that those before it collapse; where there is
 * none, what the stage runs. So whatever is held again, withdrawn or taken back, Git comes to say what runs.
 */
export function planRecord(
  candidates: readonly RecordCandidate[],
  runs: NamedRelease | undefined,
  recording: Recording,
): RecordPlan {
  const { environment, place } = recording;
  const ripe = ripest(candidates);
  const named = ripe ? promoted(ripe) : runs;
  const kept = named && recordOf(recording, named.digest);
  const left = recording.records.filter((record) => record.environment === environment && record !== kept);
  const [unsaid] = kept && !ripe ? recordWaits(kept.digest, recording) : [];
  return {
    records: place && named && !kept ? [{ environment, ...named, place }] : [],
    withdrawnRecords: left.filter(({ state }) => state !== 'Written').map(({ uid }) => uid),
    ...(unsaid && { unsaid }),
  };
}

function promoted({ release, revision, digest, orderedBy: by }: RecordCandidate): NamedRelease {
  return { release, revision, digest, cause: 'promotion', ...(by !== undefined && { by }) };
}

function ripest(candidates: readonly RecordCandidate[]): RecordCandidate | undefined {
  return candidates.find(({ never, waits }) => !never && waits.every(isRecordWait));
}

function recordOf({ environment, place, records }: Recording, digest: string | undefined): GitRecord | undefined {
  return records.find(
    (record) =>
      record.environment === environment &&
      record.digest === digest &&
      record.place.repository === place?.repository &&
      record.place.branch === place.branch &&
      record.place.path === place.path,
  );
}
