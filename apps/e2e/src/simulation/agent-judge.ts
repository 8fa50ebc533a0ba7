import type { Report } from '@flotilla/contracts';
import type { ClusterCall } from '@flotilla/agent/testing';
import { intentOf, noFence, type DesiredEntry, type Fence } from '@flotilla/model';
import type { AgentInstance } from './agent-instance.ts';
import { appNamespace, type AgentWorld, type AgentWrite } from './agent-world.ts';
import { HeldEntries, hearingMs } from './held-entries.ts';
import {
  differencesFrom,
  reportInvariants,
  valueOf,
  violationsOf,
  writeInvariants,
  type Content,
  type Violation,
} from './invariants.ts';
import { contentAt } from './manifests.ts';

/** What was so when an agent sent a write. */
interface Sent {
  readonly entry: DesiredEntry | undefined;
  readonly leaseHeldBy: string | undefined;
}

/** Watches every write and every report of the agents as it happens, and holds the invariants to it. */
export class AgentJudge {
  readonly violations: Violation[] = [];
  /** Since when each target was suspended, in virtual time. */
  readonly suspendedSince = new Map<string, number>();
  readonly #world: AgentWorld;
  /** Uids of what the agents made. */
  readonly #made = new Set<string>();
  readonly #held: HeldEntries<DesiredEntry | undefined>;
  readonly #sent = new Map<string, Sent>();
  readonly #readUids = new Map<string, string | undefined>();
  readonly #newest = new Map<string, number>();
  readonly #lastWrites = new Map<string, number>();
  readonly #lastForeign = new Map<string, number>();
  readonly #appliedAt = new Map<string, string | undefined>();
  #fence: Fence = noFence;

  constructor(world: AgentWorld) {
    this.#world = world;
    this.#held = new HeldEntries(world.clock);
    world.onCall = (instance, call) => this.#calls(instance, call);
    world.onRead = (sender, name, object) => void this.#readUids.set(`${sender}/${name}`, object?.metadata.uid);
    world.onWrite = (write) => this.#judge(write);
    world.onSaid = (instance, kind, message) =>
      void (kind === 'report' && this.#judgeReport(instance, message as Report));
  }

  /** Somebody else wrote to this target: what is said of it may be out of date for a moment. */
  foreign(name: string): void {
    this.#lastForeign.set(targetOf(name), this.#world.clock.now());
  }

  /** Whether what stands under a name is not there by our hand. */
  isForeign(name: string): boolean {
    const uid = this.#world.stored(name)?.metadata.uid;
    return uid !== undefined && !this.#made.has(uid);
  }

  #calls(instance: AgentInstance, { key }: ClusterCall): void {
    if (key?.namespace !== appNamespace) return;
    const target = targetOf(key.name);
    const entry = instance.agent?.heldEntries.find((each) => each.target === target);
    this.#held.see(`${instance.identity}/${target}`, entry);
    const leaseHeldBy = this.#leaseHeldByOther(instance.identity);
    this.#sent.set(`${instance.identity}/${key.name}`, { entry, leaseHeldBy });
  }

  #judge({ instance, sender, method, name, before, after, namedUid }: AgentWrite): void {
    const target = targetOf(name);
    const id = `${sender}/${name}`;
    if (!before && after) this.#made.add(after.metadata.uid!);
    const { entry, leaseHeldBy } = this.#sent.get(id) ?? {};
    const content = entry && this.#contentOf(entry);
    const verb = method === 'PATCH' && isApplied(after) ? 'apply' : method.toLowerCase();
    const lately = this.#held.lately(`${sender}/${target}`).filter((held) => held !== undefined);
    const written = lately.filter((held) => this.#contentOf(held)[name] === valueOf(after));
    const generation = Math.max(0, ...written.map((held) => held.generation));
    const newestGeneration = this.#newest.get(target) ?? 0;
    // Who is cut off hears nobody, and knows of nothing that others delete; he is held to it once his watches stand again.
    const isHearing = !instance.weather.deceives;
    const observed = {
      verb,
      name,
      before,
      after,
      isOurs: before === undefined || this.#made.has(before.metadata.uid!),
      adopts: false,
      entry: entry && content && { intent: intentOf(entry), content },
      heldValues: lately.flatMap((held) => this.#contentOf(held)[name] ?? []),
      generation,
      newestGeneration,
      isOvertaken: this.#leaseHeldByOther(sender) !== undefined,
      missing: content && isHearing && this.#isQuiet(target, this.#lastForeign) ? this.#differences(content) : [],
      isSuspended: isHearing && this.#isOlderThan(this.suspendedSince.get(target)),
      leaseHeldBy,
      deletion: method === 'DELETE' ? { readUid: this.#readUids.get(id), namedUid } : undefined,
    };
    this.#readUids.delete(id);
    this.violations.push(...violationsOf(writeInvariants, observed, `${verb} ${name}`));
    if (verb === 'apply') this.#newest.set(target, Math.max(newestGeneration, generation));
    this.#lastWrites.set(target, this.#world.clock.now());
  }

  #judgeReport(instance: AgentInstance, { fence, items }: Report): void {
    const fenceBefore = this.#fence;
    this.#fence = fence;
    for (const item of items) {
      const id = `${item.target}/${item.generation}/${item.release}`;
      const isSaidSynced = item.sync === 'Synced' && item.revision !== undefined;
      const isQuiet =
        !instance.weather.deceives &&
        [this.#lastForeign, this.#lastWrites].every((last) => this.#isQuiet(item.target, last));
      const observed = {
        fence,
        fenceBefore,
        appliedAt: item.appliedAt,
        appliedAtBefore: this.#appliedAt.get(id),
        differences:
          isSaidSynced && isQuiet ? this.#differences(contentAt(this.#world.git, item.revision!, 'app')) : [],
        leaseHeldBy: this.#leaseHeldByOther(instance.identity),
        stillThere: [],
      };
      this.#appliedAt.set(id, item.appliedAt);
      this.violations.push(...violationsOf(reportInvariants, observed, `${instance.identity} says of ${item.target}`));
    }
  }

  #leaseHeldByOther(identity: string): string | undefined {
    const holder = this.#world.leaseHolder;
    return holder && holder !== identity ? holder : undefined;
  }

  #contentOf({ source }: DesiredEntry): Content {
    return contentAt(this.#world.git, source.revision, source.path);
  }

  #differences(content: Content): string[] {
    return differencesFrom(content, (name) => this.#world.stored(name));
  }

  #isQuiet(target: string, last: ReadonlyMap<string, number>): boolean {
    return this.#isOlderThan(last.get(target) ?? 0);
  }

  #isOlderThan(at: number | undefined): boolean {
    return at !== undefined && this.#world.clock.now() - at > hearingMs;
  }
}

function targetOf(name: string): string {
  return name.split('-')[0]!;
}

/** A merge patch takes our marks off; an apply leaves them there. */
function isApplied(object: AgentWrite['after']): boolean {
  return object?.metadata.labels?.['flotilla.dev/target'] !== undefined;
}
