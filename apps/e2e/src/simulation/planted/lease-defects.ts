import type { FoundDefect } from './planted-defect.ts';

/** What can be wrong with how two agents of a cluster keep out of each other's way. */
export const leaseDefects: readonly FoundDefect[] = [
  {
    defect: 'who does not hold the Lease writes',
    room: 'lease',
    file: 'libs/agent/src/leased-cluster.ts',
    line: 'if (lease.isHeld) return write();',
    becomes: 'return write();',
    by: 'agent',
    seed: 11,
  },
  {
    defect: 'who does not hold the Lease speaks',
    room: 'lease',
    file: 'libs/agent/src/agent.ts',
    line: 'send: (kind, message, traceparent) => lease.isHeld && line.connected && line.send(kind, message, traceparent),',
    becomes: 'send: (kind, message, traceparent) => line.connected && line.send(kind, message, traceparent),',
    by: 'agent',
    seed: 5,
  },
  {
    defect: "whether a Lease ran out is told by another machine's clock",
    room: 'lease',
    file: 'libs/agent/src/lease.ts',
    line: 'return now - seen.at < leaseDurationSeconds * 1_000;',
    becomes: 'return Date.parse(arguments[1].renewTime) + leaseDurationSeconds * 1_000 > now;',
    by: 'agent',
    seed: 2,
  },
  {
    defect: 'a hand-over is not counted',
    room: 'lease',
    file: 'libs/agent/src/lease.ts',
    line: 'const leaseTransitions = Math.min(known + (isMine ? 0 : 1), transitionsMax);',
    becomes: 'const leaseTransitions = Math.min(known, transitionsMax);',
    by: 'fleet',
    seed: 1,
  },
  {
    defect: 'a Lease is taken from whoever holds it',
    room: 'lease',
    file: 'libs/agent/src/lease.ts',
    line: "if (spec.holderIdentity && !isMine && this.#isRenewed(lease, spec)) return 'held by another';",
    becomes: '',
    by: 'agent',
    seed: 1,
  },
  {
    defect: 'a Lease is believed to be held long after it ran out',
    room: 'lease',
    file: 'libs/agent/src/lease.ts',
    line: 'if (written) this.#heldUntil = now + durationMs;',
    becomes: 'if (written) this.#heldUntil = now + 6 * durationMs;',
    by: 'agent',
    seed: 5,
  },
];
