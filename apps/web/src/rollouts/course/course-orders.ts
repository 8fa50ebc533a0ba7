import type { RolloutCourseView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { isOpenRollout, shortCommit, type ClusterPhase } from '@flotilla/model';
import { reasonArgument, type Order } from '../../orders/order.ts';
import { shellWord } from '../../text/shell-word.ts';
import { courseProgress, failedMembers } from './course-waves.ts';

/** More clusters than these are steered by name at a terminal. */
const namedMax = 3;

/** What can be done about a rollout now: only what would not be refused, each with whom it touches. */
export function rolloutOrders(course: RolloutCourseView): readonly Order[] {
  const place = shellWord(`${course.spec.application}.${course.spec.environment}`);
  return [...(isSteerable(course) ? steering(course, place) : []), goBack(course, place)];
}

/** Only what goes in waves, and is not over, can be steered. */
function isSteerable({ waves, status }: RolloutCourseView): boolean {
  return waves.length > 0 && isOpenRollout(status.state);
}

function steering(course: RolloutCourseView, place: string): Order[] {
  const { status } = course;
  const failed = failedMembers(course);
  const [begun, left] = begunAndLeft(course);
  const isRunning = status.state === 'Running';
  return [
    ...gateOrders(course, place),
    ...(isRunning ? [] : [resume(place, left, failed.length)]),
    ...(failed.length > 0 ? [retry(place, failed.length)] : []),
    ...failed.slice(0, namedMax).map(({ cluster }) => skip(place, cluster)),
    ...(isRunning ? [pause(place, begun, left)] : []),
    abort(place, begun, left),
  ];
}

/** What people can say for the wave that is to begin. */
function gateOrders({ spec, status, waves }: RolloutCourseView, place: string): Order[] {
  const wave = status.blocked?.code === 'WaveGated' ? waves.find(({ waits = [] }) => waits.length > 0) : undefined;
  if (!wave) return [];
  const has = (kind: string) => wave.waits!.some(({ gate }) => gate.startsWith(kind));
  const waiting = { ...wave, place, commit: shortCommit(spec.revision), clusters: wave.members.length };
  return [...(has('approval') ? [approve(waiting, spec)] : []), ...(has('web ') ? [override(waiting)] : [])];
}

interface WaitingWave {
  readonly name: string;
  readonly place: string;
  readonly commit: string;
  readonly clusters: number;
}

function approve(
  { name, commit, clusters }: WaitingWave,
  { application, environment }: RolloutCourseView['spec'],
): Order {
  const touches = `agrees to exactly this release for wave ${name}: ${counted(clusters, 'cluster')}.`;
  const release = shellWord(`${application}-${commit}`);
  return {
    does: 'Approve',
    touches,
    command: `flotilla approve ${release} --for ${shellWord(environment)} --wave ${shellWord(name)}`,
  };
}

function override({ name, place, commit, clusters }: WaitingWave): Order {
  const touches = `does without the word of whoever is asked before wave ${name}: ${counted(clusters, 'cluster')}; it takes the right to break the glass.`;
  const command = `flotilla override ${place} --release ${shellWord(commit)} --wave ${shellWord(name)} ${reasonArgument}`;
  return { does: 'Override', touches, command };
}

function resume(place: string, left: number, failed: number): Order {
  const forgiven = failed > 0 ? ', and what failed so far no longer counts' : '';
  const touches = `admits ${counted(left, 'more cluster')}, wave by wave${forgiven}.`;
  return { does: 'Resume', touches, command: `flotilla rollout resume ${place}` };
}

function retry(place: string, failed: number): Order {
  const touches = `has ${counted(failed, 'cluster')} that failed try again, with a new deadline.`;
  return { does: 'Retry', touches, command: `flotilla rollout retry ${place}` };
}

function skip(place: string, cluster: string): Order {
  const touches = `passes ${cluster} by: what runs there stays until the next rollout.`;
  return { does: 'Skip', touches, command: `flotilla rollout skip ${place} --cluster ${shellWord(cluster)}` };
}

function pause(place: string, begun: number, left: number): Order {
  const touches = `holds ${counted(left, 'cluster')} back; ${counted(begun, 'cluster')} that began go on.`;
  return { does: 'Pause', touches, command: `flotilla rollout pause ${place}` };
}

function abort(place: string, begun: number, left: number): Order {
  const touches = `ends it: ${counted(begun, 'cluster')} keep the release, ${counted(left, 'cluster')} never get it.`;
  return { does: 'Abort', touches, command: `flotilla rollout abort ${place}` };
}

function goBack(course: RolloutCourseView, place: string): Order {
  const { total } = courseProgress(course);
  const touches = `takes up to ${counted(total, 'target')} back from ${shortCommit(course.spec.revision)} to what was well before. It shows first what it would change, and asks.`;
  return { does: 'Go back', touches, command: `flotilla rollback ${place} ${reasonArgument}` };
}

const notBegun: ReadonlySet<ClusterPhase> = new Set(['Waiting', 'Skipped']);

function begunAndLeft({ waves }: RolloutCourseView): readonly [begun: number, left: number] {
  const phases = waves.flatMap(({ members }) => members.map(({ phase }) => phase));
  const left = phases.filter((phase) => phase === 'Waiting').length;
  return [phases.filter((phase) => !notBegun.has(phase)).length, left];
}
