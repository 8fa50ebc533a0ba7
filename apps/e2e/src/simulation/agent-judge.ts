import type { KubeObject } from '@flotilla/model';
import type { AgentWorld, AgentWrite } from './agent-world.ts';

/** Something that must never happen, and happened. */
export class Violation extends Error {
  constructor(rule: string, details: string) {
    super(`${rule}: ${details}`);
    this.name = 'Violation';
  }
}

/**
 * Watches every write of an agent, as it happens:
 * - what somebody else made is neither changed nor deleted;
 * - only what was made by us is deleted, and only when the entry that the agent holds no longer declares it;
 * - once a suspension was there to be read, nothing is written.
 */
export class AgentJudge {
  readonly violations: Violation[] = [];
  readonly #world: AgentWorld;
  /** Uids of what the agent made. */
  readonly #made = new Set<string>();
  /** Names that the agent may hold as declared, by any order that it was given so far. */
  readonly #declared: (target: string) => ReadonlySet<string>;
  /** What was declared when a write was sent: an order may come while it is under way. */
  readonly #sent = new Map<string, ReadonlySet<string>>();
  /** Since when each target was suspended, in virtual time. */
  readonly suspendedSince = new Map<string, number>();

  constructor(world: AgentWorld, declared: (target: string) => ReadonlySet<string>) {
    this.#world = world;
    this.#declared = declared;
    world.onWrite = (write) => this.#judge(write);
    world.onSend = (name) => void this.#sent.set(name, this.#declared(name.split('-')[0]!));
  }

  /** Whether what stands under a name is not there by our hand. */
  isForeign(name: string): boolean {
    const uid = this.#world.stored(name)?.metadata.uid;
    return uid !== undefined && !this.#made.has(uid);
  }

  /** How long a word of a person may take to be heard: the watch may just have been cut. */
  static readonly hearingMs = 60_000;

  #judge(write: AgentWrite): void {
    const { method, name, before, after } = write;
    if (!before && after) this.#made.add(after.metadata.uid!);
    if (before && !this.#made.has(before.metadata.uid!) && differs(before, after)) {
      this.#violation('what others made is theirs', `${method} ${name}`);
    }
    if (before && !after) this.#judgeDeletion(name, before);
    for (const [target, since] of this.suspendedSince) {
      if (!name.startsWith(`${target}-`) || this.#world.clock.now() - since < AgentJudge.hearingMs) continue;
      this.#violation('what is suspended is not written', `${method} ${name}`);
    }
  }

  #judgeDeletion(name: string, before: KubeObject): void {
    if (before.metadata.uid && !this.#made.has(before.metadata.uid))
      this.#violation('only what we made is deleted', name);
    const declared = this.#sent.get(name) ?? new Set();
    if (declared.has(name)) this.#violation('what is declared is not deleted', name);
    if (declared.size === 0) this.#violation('an empty source deletes nothing', name);
  }

  #violation(rule: string, details: string): void {
    this.violations.push(new Violation(rule, details));
  }
}

function differs(before: KubeObject, after: KubeObject | undefined): boolean {
  return (
    JSON.stringify([before.data, before.metadata.labels, before.metadata.uid]) !==
    JSON.stringify([after?.data, after?.metadata.labels, after?.metadata.uid])
  );
}
