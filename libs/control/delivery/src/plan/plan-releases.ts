import { canonicalJson, type Ids } from '@flotilla/foundation';
import { shortCommit, type Quarantine } from '@flotilla/model';
import { sourceDigest } from '@flotilla/model/node';
import type { DeliveryFacts, ReleaseContent, ReleaseFacts, StageFacts } from '../facts.ts';
import { contentAtHead } from './target-content.ts';

/** A release that a plan makes, or finds made already. */
export type PlannedRelease = ReleaseFacts;

/** Something in one stage that a person has to mend. */
export interface DeliveryProblem {
  readonly environment: string;
  readonly reason: string;
  readonly message: string;
}

export interface PlannedReleases {
  /** Releases to store. */
  readonly releases: readonly PlannedRelease[];
  /** The release that each environment gets now; environments that keep theirs are absent. */
  readonly chosen: ReadonlyMap<string, ReleaseFacts>;
  readonly problems: readonly DeliveryProblem[];
}

/**
 * Turns what Git holds into releases. A commit that leaves an environment's source digest as it is brings it nothing;
 * stages that read the same commit share one release, those that come after others as well: what they will run is made
 * now, and enters when its time has come.
 */
export function planReleases(facts: DeliveryFacts, ids: Ids): PlannedReleases {
  const releases: PlannedRelease[] = [];
  const chosen = new Map<string, ReleaseFacts>();
  const problems: DeliveryProblem[] = [];
  for (const [commit, stages] of stagesByCommit(facts.stages)) {
    const made = releaseAt(commit, stages, facts);
    problems.push(...made.problems);
    const entering = enteringStages(stages, made.digests, facts);
    if (entering.length === 0 && !isNews(stages, made.digests, facts)) continue;
    const release = existing(made, stages, facts) ?? { uid: ids.next(), ...made.release };
    if (!facts.releases.includes(release)) releases.push(release);
    for (const { environment } of entering) chosen.set(environment, release);
  }
  return { releases, chosen, problems };
}

interface MadeRelease {
  readonly digests: Readonly<Record<string, string>>;
  readonly release: Omit<ReleaseFacts, 'uid'>;
  readonly problems: readonly DeliveryProblem[];
}

/** What a commit means for each stage that reads it. */
function releaseAt(revision: string, stages: readonly StageFacts[], facts: DeliveryFacts): MadeRelease {
  const digests: Record<string, string> = {};
  const contents: Record<string, ReleaseContent> = {};
  const problems: DeliveryProblem[] = [];
  for (const stage of stages) {
    const digest = stageDigest(stage, facts);
    const refused = facts.quarantine.find((each) => each.digest === digest);
    if (!digest) problems.push(pathMissing(stage, revision));
    else if (refused) problems.push(quarantined(stage, revision, refused));
    else {
      digests[stage.environment] = digest;
      contents[stage.environment] = contentAtHead(stage, facts.application);
    }
  }
  return { digests, release: { revision, digests, contents }, problems };
}

/** Stages that track Git take what differs from what they run. */
function enteringStages(
  stages: readonly StageFacts[],
  digests: MadeRelease['digests'],
  facts: DeliveryFacts,
): StageFacts[] {
  return stages.filter(
    ({ environment, following }) =>
      !following && digests[environment] !== undefined && digests[environment] !== running(environment, facts),
  );
}

/** Whether a stage that comes after others would get something that no release holds yet. */
function isNews(stages: readonly StageFacts[], digests: MadeRelease['digests'], facts: DeliveryFacts): boolean {
  return stages.some(({ environment, following }) => {
    if (!following || digests[environment] === undefined) return false;
    const newest = facts.releases.find((release) => release.digests[environment] !== undefined);
    return digests[environment] !== newest?.digests[environment];
  });
}

function stagesByCommit(stages: readonly StageFacts[]): Map<string, StageFacts[]> {
  const byCommit = new Map<string, StageFacts[]>();
  for (const stage of stages) {
    if (stage.head) byCommit.set(stage.head.commit, [...(byCommit.get(stage.head.commit) ?? []), stage]);
  }
  return byCommit;
}

/** Absent when the application's own path does not exist; a missing shared input is part of the digest. */
export function stageDigest(stage: StageFacts, facts: DeliveryFacts): string | undefined {
  const { trees = [] } = stage.head ?? {};
  if (trees[0] === undefined) return undefined;
  const repository = facts.application.repositoryUrl ?? '';
  return sourceDigest({ repository, path: stage.path, trees, render: stage.render });
}

function running(environment: string, facts: DeliveryFacts): string | undefined {
  const current = facts.stages.find((stage) => stage.environment === environment)?.current;
  return facts.releases.find(({ uid }) => uid === current?.release)?.digests[environment];
}

/**
 * The release that was made of the same before. Where stages come after others it has to be the newest one as well: what
 * Git goes back to is news again, and must not be older than what it takes the place of.
 */
function existing(
  { release: { revision, digests } }: MadeRelease,
  stages: readonly StageFacts[],
  { releases }: DeliveryFacts,
): ReleaseFacts | undefined {
  const wanted = canonicalJson({ revision, digests });
  const isSame = (release: ReleaseFacts) =>
    canonicalJson({ revision: release.revision, digests: release.digests }) === wanted;
  if (!stages.some(({ following }) => following)) return releases.find(isSame);
  const newest = releases.find((release) => stages.some(({ environment }) => release.digests[environment]));
  return newest && isSame(newest) ? newest : undefined;
}

function pathMissing(stage: StageFacts, commit: string): DeliveryProblem {
  return {
    environment: stage.environment,
    reason: 'SourcePathMissing',
    message: `${stage.path} does not exist at ${shortCommit(commit)}; ${stage.environment} keeps what it runs`,
  };
}

/** A person took it away from here: it does not come back by itself. */
function quarantined({ environment }: StageFacts, commit: string, { by, reason }: Quarantine): DeliveryProblem {
  return {
    environment,
    reason: 'Quarantined',
    message: `what ${shortCommit(commit)} brings ${environment} is in quarantine (${by}: ${reason}); ${environment} keeps what it runs`,
  };
}
