import { isoTime } from '@flotilla/foundation';
import type { ApprovalGate } from '@flotilla/model';
import type { ApprovalFacts, GateFacts } from '../promotion-facts.ts';
import { isWriter } from '../writers-of.ts';
import { passes, type GateKind, type GateContext } from './judge.ts';

/** So many people have to agree to exactly the inputs that would enter. */
export const approvalGate: GateKind<'approval'> = {
  title: (gate) => `approval of ${approversText(gate)}`,
  judge: (gate, context) => {
    const given = countingApprovals(gate, context);
    const expiry = given
      .map(({ expiresAt }) => expiresAt)
      .toSorted((left, right) => left.getTime() - right.getTime())[0];
    if (given.length >= gate.count) return expiry ? { lookAt: expiry } : passes;
    const { application, environment, wave, visits } = context;
    const since = arrivedAt(visits);
    const agreed = given.map(({ who }) => who).join(', ');
    return {
      wait: {
        blockedBy: `${given.length} of ${gate.count} approvals${agreed && ` (${agreed})`}`,
        ...(since && { since: isoTime(since.getTime()) }),
        whoCanAct: `${approversText(gate)}: flotilla approve ${application.name}.${environment}${wave === undefined ? '' : ` --wave ${wave}`}`,
      },
    };
  },
};

/** The newest approval of each person that counts: for these inputs, by somebody who may, who did not write them, in time. */
export function countingApprovals(gate: ApprovalGate, context: GateContext): ApprovalFacts[] {
  const { now, environment, wave, release, writers, facts } = context;
  const counting = facts.approvals.filter(
    (approval) =>
      approval.environment === environment &&
      approval.wave === wave &&
      approval.digest === release.digests[environment] &&
      approval.expiresAt > now &&
      mayApprove(gate, approval.who, facts) &&
      !isWriter(writers, approval.who),
  );
  return [...new Map(counting.map((approval) => [approval.who, approval])).values()];
}

/** Whether somebody is among those who may approve. */
export function mayApprove(
  { group, users }: ApprovalGate,
  who: string,
  { groups }: Pick<GateFacts, 'groups'>,
): boolean {
  if (users) return users.includes(who);
  return group !== undefined && Object.hasOwn(groups, group) && groups[group]!.includes(who);
}

export function approversText({ group, users = [] }: ApprovalGate): string {
  return group === undefined ? users.join(', ') : `group ${group}`;
}

function arrivedAt(visits: GateContext['visits']): Date | undefined {
  const times = [...visits.values()].map((visit) => (visit.kind === 'finished' ? visit.at.getTime() : Number.NaN));
  return times.length > 0 && times.every(Number.isFinite) ? new Date(Math.max(...times)) : undefined;
}
