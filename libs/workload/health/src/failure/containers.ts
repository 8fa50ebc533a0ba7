import type { Reason } from '@flotilla/model';
import { isRecord, listAt, numberAt, textAt, valueAt } from '../facts.ts';
import { reasonOf } from '../health.ts';

/** How a container ended. */
interface Termination {
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
}

/** What a pod says of one of its containers. */
export interface ContainerState {
  readonly name: string;
  readonly init: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly terminated: Termination | undefined;
  /** How its run before this one ended. */
  readonly last: Termination | undefined;
}

/** The containers of a pod in the order in which they start: the first that fails holds up all after it. */
export function containersOf(pod: unknown): ContainerState[] {
  const read = (field: string, init: boolean) =>
    listAt(pod, 'status', field)
      .filter(isRecord)
      .map((status) => readContainer(status, init));
  return [...read('initContainerStatuses', true), ...read('containerStatuses', false)];
}

function readContainer(status: Readonly<Record<string, unknown>>, init: boolean): ContainerState {
  const waiting = valueAt(status, 'state', 'waiting');
  return {
    name: textAt(status, 'name') ?? '',
    init,
    ready: valueAt(status, 'ready') === true,
    restarts: numberAt(status, 'restartCount') ?? 0,
    waiting: isRecord(waiting)
      ? { reason: textAt(waiting, 'reason') ?? '', message: textAt(waiting, 'message') ?? '' }
      : undefined,
    terminated: terminationAt(valueAt(status, 'state', 'terminated')),
    last: terminationAt(
      valueAt(status, 'lastState', 'terminated') ?? valueAt(status, 'lastTerminationState', 'terminated'),
    ),
  };
}

function terminationAt(value: unknown): Termination | undefined {
  if (!isRecord(value)) return undefined;
  return {
    exitCode: numberAt(value, 'exitCode') ?? 0,
    reason: textAt(value, 'reason') ?? '',
    message: textAt(value, 'message') ?? '',
  };
}

/** Whether a container waits for something that will hardly come by itself: an image, a secret, the end of crashes. */
export function isStuck({ waiting }: ContainerState): boolean {
  return waiting !== undefined && /^Err|Error$|BackOff$|^Invalid|NeverPull$/.test(waiting.reason);
}

export function hasTerminated({ terminated }: ContainerState): boolean {
  return terminated !== undefined && (terminated.exitCode !== 0 || terminated.reason === 'OOMKilled');
}

/** What went wrong with a container, as one sentence: `container app: ImagePullBackOff: Back-off pulling image "x"`. */
export function containerFailure(container: ContainerState): Reason {
  const { name, init, waiting, terminated, last, restarts } = container;
  const ended = terminated ?? last;
  const stuck = isStuck(container) ? waiting : undefined;
  const code =
    ended?.reason === 'OOMKilled' ? ended.reason : stuck?.reason || ended?.reason || waiting?.reason || 'Failed';
  // How it ended tells more than that it will be started again after a while.
  const why = ended ? endingOf(ended) : stuck?.message;
  const again = restarts > 0 ? `, restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}` : '';
  return reasonOf(
    code,
    [`${init ? 'init container' : 'container'} ${name}`, code, why].filter(Boolean).join(': ') + again,
  );
}

function endingOf({ exitCode, reason, message }: Termination): string {
  const how = reason === 'OOMKilled' ? 'it used more memory than its limit' : `exit code ${exitCode}`;
  return message ? `${how}: ${message.trim()}` : how;
}
