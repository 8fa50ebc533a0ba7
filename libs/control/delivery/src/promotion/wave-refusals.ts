import { Fault } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import type { StageName } from './stage-standing.ts';

/** A wave of what is on its way into a stage. */
export interface WaveName extends StageName {
  readonly wave: string;
}

/** The rollout that is under way has no such wave. */
export function waveMissing(order: WaveName, waves: readonly { readonly name: string }[]): Fault {
  const names = waves.map(({ name }) => name).join(', ');
  const message = `the rollout of ${placeOf(order)} has no wave ${order.wave}; its waves are: ${names}`;
  return new Fault({ code: 'not-found', reason: 'WaveMissing', message });
}

/** No person is asked before it. */
export function waveApprovalNotAsked(order: WaveName): Fault {
  const message = `wave ${order.wave} of ${placeOf(order)} waits for nobody's approval; ${seeing(order)}`;
  return new Fault({ code: 'invalid', reason: 'ApprovalNotAsked', message });
}

/** Nobody outside is asked before it. */
export function waveNobodyAsked(order: WaveName): Fault {
  const message = `nobody outside is asked before wave ${order.wave} of ${placeOf(order)}; ${seeing(order)}`;
  return new Fault({ code: 'invalid', reason: 'GateMissing', message });
}

/** Something newer came, or what was looked at is over: nobody decides about what they did not see. */
export function otherRelease(order: WaveName, { revision }: { readonly revision: string }): Fault {
  const message = `what goes into ${placeOf(order)} now is ${shortCommit(revision)}; see: flotilla explain rollout ${placeOf(order)}`;
  return new Fault({ code: 'conflict', reason: 'ReleaseChanged', message });
}

/** There is nothing left to decide. */
export function waveBegan(order: WaveName): Fault {
  const message = `wave ${order.wave} of ${placeOf(order)} has begun; to stop it: flotilla rollout pause ${placeOf(order)}`;
  return new Fault({ code: 'conflict', reason: 'WaveBegan', message });
}

function placeOf({ application, environment }: WaveName): string {
  return `${application}.${environment}`;
}

function seeing(order: WaveName): string {
  return `see what it waits for: flotilla explain rollout ${placeOf(order)}`;
}
