import { isoTime } from '@flotilla/foundation';
import { isOpenRollout, type ClusterPhase } from '@flotilla/model';
import type { RolloutRecord, RolloutWaveRecord } from '../delivery-reader.port.ts';
import type { Explanation } from './explanation.ts';
import { gatedCode } from './judge-waves.ts';

type Member = RolloutWaveRecord['members'][number];

/** Says why a rollout that is open goes no further; nothing of one that is over, or that is about to admit somebody. */
export function explainRollout(rollout: RolloutRecord, waves: readonly RolloutWaveRecord[]): Explanation[] {
  const { state, application, environment } = rollout;
  if (!isOpenRollout(state)) return [];
  const place = `${application}.${environment}`;
  const holding = waves.flatMap(({ name, members }) => members.filter(isHolding).map((member) => ({ name, member })));
  const groups = kinds.flatMap(({ isOf, explain }) => {
    const members = holding.map(({ member }) => member).filter(isOf);
    return members.length > 0 ? [explain(members, place)] : [];
  });
  const since = rollout.blockedSince ? { since: isoTime(rollout.blockedSince.getTime()) } : {};
  return [...forNobody(rollout, waves), ...stopped(rollout, place), ...gated(rollout, waves), ...groups].map(
    (line) => ({ ...since, ...line }),
  );
}

/** It came when nobody could take it, so it has no waves yet. */
function forNobody({ application, environment, total, createdAt }: RolloutRecord, waves: readonly RolloutWaveRecord[]) {
  if (waves.length > 0 || total > 0) return [];
  const unpin = `flotilla unpin application ${application} --environment ${environment} --forward --reason WHY`;
  const letting = `whoever may run: ${unpin}`;
  return [
    {
      state: 'waits until somebody may take it',
      blockedBy: `all of ${environment} are held at something else, or it has no cluster`,
      since: isoTime(createdAt.getTime()),
      whoCanAct: `${letting}; or whoever labels clusters; see: flotilla explain application ${application}`,
    },
  ];
}

/** A person or a budget stopped it: whatever else is the matter, nobody new gets the release before a person says so. */
function stopped({ state, wave, blocked }: RolloutRecord, place: string): Explanation[] {
  const where = wave === undefined ? '' : ` in wave ${wave}`;
  if (state === 'Paused') {
    const whoCanAct = `whoever may run: flotilla rollout resume ${place}`;
    return [{ state: `paused${where}`, blockedBy: 'a person paused it', whoCanAct }];
  }
  if (state !== 'Halted') return [];
  const ways = `flotilla rollout retry ${place} (or resume, abort); or to go back: flotilla rollback ${place} --reason WHY`;
  const blockedBy = blocked ? `${blocked.code}: ${blocked.message}` : 'it was halted';
  return [{ state: `halted${where}`, blockedBy, whoCanAct: `whoever may run: ${ways}` }];
}

/** The gates of the wave that would begin now; what later waves will wait for is nobody's matter yet. */
function gated({ wave, blocked }: RolloutRecord, waves: readonly RolloutWaveRecord[]): Explanation[] {
  if (blocked?.code !== gatedCode) return [];
  const { waits = [] } = waves.find(({ name }) => name === wave) ?? {};
  return waits.map(({ gate, blockedBy, whoCanAct = 'nobody', since, nextTry }) => ({
    state: `waits before wave ${wave}`,
    blockedBy: `${gate}: ${blockedBy}`,
    ...(since && { since }),
    whoCanAct,
    ...(nextTry && { nextTry }),
  }));
}

const phases: readonly ClusterPhase[] = ['Failed', 'Failing', 'UnderWay', 'Soaking', 'Away'];

function isHolding({ phase }: Member): boolean {
  return phases.includes(phase);
}

const isFrozen = ({ reason }: Member) => reason?.code === 'Frozen';

interface Kind {
  readonly isOf: (member: Member) => boolean;
  readonly explain: (members: readonly Member[], place: string) => Explanation;
}

/** What holds a wave up, worst first; each cluster is told once. */
const kinds: readonly Kind[] = [
  { isOf: (member) => isUnwell(member) && !isFrozen(member), explain: unwell },
  { isOf: isFrozen, explain: frozen },
  { isOf: (member) => member.phase === 'Away' && !isFrozen(member), explain: away },
  { isOf: (member) => member.phase === 'Soaking' && !isFrozen(member), explain: soaking },
];

function isUnwell({ phase }: Member): boolean {
  return phase === 'Failed' || phase === 'Failing' || phase === 'UnderWay';
}

function unwell(members: readonly Member[], place: string): Explanation {
  const [first] = members;
  const blockedBy = told(members, ({ phase, reason }) => (reason ? `${reason.code}: ${reason.message}` : phase));
  const whoCanAct = `whoever mends it; see: flotilla explain target ${place}.${first!.cluster}`;
  return { state: 'waits until the wave is well', blockedBy, whoCanAct, ...whenFirst(members) };
}

function frozen(members: readonly Member[]): Explanation {
  const blockedBy = told(members, ({ reason }) => reason!.message);
  const whoCanAct = 'whoever may run: flotilla unfreeze NAME, with one of: flotilla get freezes';
  return { state: 'held by a freeze', blockedBy, whoCanAct };
}

function away(members: readonly Member[], place: string): Explanation {
  const [first] = members;
  const blockedBy = told(members, ({ reason }) => (reason ? `${reason.code}: ${reason.message}` : 'is not heard'));
  const whoCanAct = `whoever brings it back; or to pass it by: flotilla rollout skip ${place} --cluster ${first!.cluster}`;
  return { state: 'waits for clusters that are away', blockedBy, whoCanAct };
}

/** The wave is over once the last of them has been well for long enough. */
function soaking(members: readonly Member[]): Explanation {
  const blockedBy = `${members.map(({ cluster }) => cluster).join(', ')}: has to stay well for longer`;
  const ends = members.flatMap(({ until }) => (until ? [until.getTime()] : []));
  const nextTry = ends.length > 0 ? { nextTry: isoTime(Math.max(...ends)) } : {};
  return {
    state: 'waits until the wave has proved itself',
    blockedBy,
    whoCanAct: 'nobody has to: time alone',
    ...nextTry,
  };
}

const namedMax = 3;

function told(members: readonly Member[], why: (member: Member) => string): string {
  const named = members.slice(0, namedMax).map((member) => `${member.cluster}: ${why(member)}`);
  const more = members.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** Its deadline, or the moment in which what it says counts. */
function whenFirst(members: readonly Member[]): Pick<Explanation, 'nextTry'> {
  const ends = members.flatMap(({ until }) => (until ? [until.getTime()] : []));
  return ends.length > 0 ? { nextTry: isoTime(Math.min(...ends)) } : {};
}
