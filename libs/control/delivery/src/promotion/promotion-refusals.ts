import { Fault } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import { heldText } from './holds.ts';
import type { HoldFacts } from './promotion-facts.ts';
import type { Candidate, StageName } from './stage-standing.ts';

/** There is no such application, or its pipeline has no such stage. */
export function stageMissing({ application, environment }: StageName): Fault {
  const name = `${application}.${environment}`;
  const message = `there is no stage ${name}: there is no application ${application}, or its pipeline has no ${environment}; list them with: flotilla get stages`;
  return new Fault({ code: 'not-found', reason: 'StageMissing', message });
}

/** Nothing is promoted into a stage that takes what Git says. */
export function stageTracks({ environment }: StageName): Fault {
  const message = `${environment} tracks Git by itself; only a stage that comes after others is promoted into`;
  return new Fault({ code: 'invalid', reason: 'StageTracks', message });
}

/** Nothing waits there, or not what was named. */
export function noCandidate({ application, environment }: StageName, named: string | undefined): Fault {
  const what =
    named === undefined ? `nothing new of ${application} waits` : `release ${named} of ${application} does not wait`;
  const message = `${what} before ${environment}; see what does with: flotilla get stages --application ${application}`;
  return new Fault({ code: 'not-found', reason: 'CandidateMissing', message });
}

/** What was named brings several things, and each has a release of its own. */
export function releaseAmbiguous(
  { application, environment }: StageName,
  named: string,
  meant: readonly Candidate[],
): Fault {
  const which = meant.map(({ release, digest }) => `${release} (source digest ${digest.slice(0, 12)})`).join(', ');
  const message = `${meant.length} releases of ${application} that begin with ${named} wait before ${environment}: ${which}; name one by its uid`;
  return new Fault({ code: 'conflict', reason: 'ReleaseAmbiguous', message });
}

/** It is what entered last, and somebody ended its rollout: there is nothing to promote, but something to take up again. */
export function rolloutAborted({ application, environment }: StageName): Fault {
  const message = `it entered ${environment} last, and its rollout was aborted; take that up again with: flotilla rollout retry ${application}.${environment}`;
  return new Fault({ code: 'conflict', reason: 'RolloutAborted', message });
}

/** It is there, and can never enter. */
export function candidateSkipped({ environment }: StageName, { revision, waits }: Candidate): Fault {
  const why = waits.map(({ blockedBy }) => blockedBy).join('; ');
  const message = `${shortCommit(revision)} can never enter ${environment}: ${why}; promote a newer release`;
  return new Fault({ code: 'conflict', reason: 'CandidateSkipped', message });
}

/** Somebody else wants something else there, and was first. */
export function promotionStands(
  { environment }: StageName,
  { who, revision }: { who: string; revision: string },
): Fault {
  const message = `${who} has promoted ${shortCommit(revision)} to ${environment}, and that waits to enter; it goes first, unless you promote with --instead`;
  return new Fault({ code: 'conflict', reason: 'PromotionStands', message });
}

/** Nobody is asked there. */
export function approvalNotAsked({ environment }: StageName): Fault {
  const message = `${environment} waits for nobody's approval`;
  return new Fault({ code: 'invalid', reason: 'ApprovalNotAsked', message });
}

/** Somebody else has to. */
export function mayNotApprove(
  { environment }: StageName,
  { who, approvers }: { who: string; approvers: string },
): Fault {
  const message = `${who} may not approve what enters ${environment}: that is for ${approvers}`;
  return new Fault({ code: 'forbidden', reason: 'ApproverUnknown', message });
}

/** Nobody approves what they wrote. */
export function ownCommit({ environment }: StageName, { who, revision }: { who: string; revision: string }): Fault {
  const message = `${who} wrote ${shortCommit(revision)}, so somebody else has to approve it for ${environment}`;
  return new Fault({ code: 'forbidden', reason: 'ApproverIsAuthor', message });
}

/** Somebody holds exactly that already. */
export function holdStands({ application }: StageName, hold: HoldFacts): Fault {
  const { who, reason, environment } = hold;
  const message = `${who} holds ${heldText(hold)} of ${application} already: ${reason}; to hold it otherwise: flotilla unhold ${application}.${environment} --reason WHY`;
  return new Fault({ code: 'conflict', reason: 'HoldStands', message });
}

/** Nobody holds anything there, or not that. */
export function holdMissing({ application, environment }: StageName, named: string | undefined): Fault {
  const what = named === undefined ? 'nothing' : `release ${named} is not`;
  const message = `${what} held in ${application}.${environment}; see: flotilla describe stage ${application}.${environment}`;
  return new Fault({ code: 'not-found', reason: 'HoldMissing', message });
}

/** There is no such release, or it has nothing there. */
export function releaseUnknown({ application, environment }: StageName, named: string): Fault {
  const message = `${application} has no release ${named} with inputs for ${environment}; see: flotilla get releases --application ${application}`;
  return new Fault({ code: 'not-found', reason: 'ReleaseUnknown', message });
}

/** Nobody outside has a say there. */
export function nobodyAsked({ application, environment }: StageName): Fault {
  const message = `nobody outside is asked before ${environment}; see what it waits for: flotilla describe stage ${application}.${environment}`;
  return new Fault({ code: 'invalid', reason: 'GateMissing', message });
}
