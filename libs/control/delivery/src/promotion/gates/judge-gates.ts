import type { Gate, WebGate } from '@flotilla/model';
import type { GateWait } from '../stage-standing.ts';
import { approvalGate } from './approval.ts';
import { dependencyGate } from './dependency.ts';
import { judgeHealth } from './health.ts';
import type { GateKind, GateContext, Judgement } from './judge.ts';
import { soakGate } from './soak.ts';
import { webGate } from './web.ts';
import { windowGate } from './window.ts';

/** Every kind of gate that a stage may have; a new one is one file and one line here. */
const kinds: { readonly [Kind in keyof Required<Gate>]: GateKind<Kind> } = {
  soak: soakGate,
  approval: approvalGate,
  window: windowGate,
  dependency: dependencyGate,
  web: webGate,
};

/** What all gates of a stage say of one release. */
export interface GatesJudged {
  readonly waits: readonly GateWait[];
  readonly passed: readonly string[];
  readonly never: boolean;
  readonly lookAt?: Date;
  readonly asks: readonly WebGate[];
}

/** Asks every gate, the health of the stages before first. */
export function judgeGates(gates: readonly Gate[], context: GateContext): GatesJudged {
  return gathered([
    { gate: 'health', judgement: judgeHealth(context) },
    ...gates.flatMap((gate) => judgeGate(gate, context)),
  ]);
}

/** Asks the gates that somebody wrote and nothing else: whether the waves before are well, a rollout knows itself. */
export function judgeWritten(gates: readonly Gate[], context: GateContext): GatesJudged {
  return gathered(gates.flatMap((gate) => judgeGate(gate, context)));
}

interface JudgedGate {
  readonly gate: string;
  readonly judgement: Judgement;
}

function gathered(judged: readonly JudgedGate[]): GatesJudged {
  const looks = judged.flatMap(({ judgement }) => judgement.lookAt?.getTime() ?? []);
  return {
    waits: judged.flatMap(({ gate, judgement: { wait } }) => (wait ? [{ gate, ...wait }] : [])),
    passed: judged.filter(({ judgement }) => !judgement.wait).map(({ gate }) => gate),
    never: judged.some(({ judgement }) => judgement.never),
    asks: judged.flatMap(({ judgement }) => judgement.asks ?? []),
    ...(looks.length > 0 && { lookAt: new Date(Math.min(...looks)) }),
  };
}

function judgeGate(gate: Gate, context: GateContext): JudgedGate[] {
  return (Object.keys(kinds) as (keyof Gate)[]).flatMap((kind) => {
    const written = gate[kind];
    if (written === undefined) return [];
    const { title, judge } = kinds[kind] as GateKind<typeof kind>;
    return [{ gate: title(written), judgement: judge(written, context) }];
  });
}
