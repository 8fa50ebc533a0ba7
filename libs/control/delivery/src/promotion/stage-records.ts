import { isoTime } from '@flotilla/foundation';
import type { Candidate, GateWait } from './stage-standing.ts';

/** The file in Git that says what entered a stage last. */
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

/** A release that is to be written down before it enters. */
export interface PlannedRecord {
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  readonly place: RecordPlace;
  /** Who promoted it; nobody did where it goes by itself. */
  readonly by?: string;
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

/** The newest release that nothing but its record holds back: one for each stage, so that those before it collapse. */
export function planRecords(candidates: readonly RecordCandidate[], recording: Recording): PlannedRecord[] {
  const { environment, place } = recording;
  const ripe = ripest(candidates);
  if (!ripe || ripe.waits.length === 0 || !place || recordOf(recording, ripe.digest)) return [];
  const { release, revision, digest, orderedBy: by } = ripe;
  return [{ environment, release, revision, digest, place, ...(by !== undefined && { by }) }];
}

/** What is not written yet and shall not be any more: something holds it back again, or its stage keeps no records. */
export function withdrawnRecords(candidates: readonly RecordCandidate[], recording: Recording): string[] {
  const ripe = ripest(candidates);
  const still = ripe && recordOf(recording, ripe.digest);
  const here = recording.records.filter(({ environment }) => environment === recording.environment);
  return here.filter((record) => record.state !== 'Written' && record !== still).map(({ uid }) => uid);
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
