import { isDeepStrictEqual } from 'node:util';
import { runIntent, type DesiredEntry } from '@flotilla/model';
import { agentObjects } from '@flotilla/agent';
import { entryOf } from '@flotilla/agent/testing';
import { AgentJudge } from './agent-judge.ts';
import { AgentWorld, appNamespace } from './agent-world.ts';
import { convergence, untilConverged } from './convergence.ts';
import { differencesFrom, Violation } from './invariants.ts';
import { manifest } from './manifests.ts';
import type { SimulationResult } from './simulation-result.ts';
import type { TroubleCounts, Weather } from './troubles.ts';

const targets = ['t1', 't2', 't3'];
const namesEach = 4;
const people = { manager: 'people' };

/** One run of a seed: things happen for `steps` steps, then all faults stop, and everything has to come right. */
export async function simulateAgent(seed: number, steps: number): Promise<SimulationResult> {
  const run = new AgentRun(seed);
  await run.begin();
  let taken = 0;
  for (; taken < steps && run.violations.length === 0; taken++) await run.step();
  if (run.violations.length === 0) await run.converge();
  const { violations, troubles } = run;
  return { violations: violations.map(({ message }) => message), steps: taken, troubles };
}

class AgentRun {
  readonly #world: AgentWorld;
  readonly #judge: AgentJudge;
  /** What Git says for each target now. */
  readonly #wanted = new Map<string, Record<string, string>>();
  /** Everything that any entry which the agent may still hold declares. */
  readonly #entries = new Map<string, DesiredEntry>();
  /** Targets that no order speaks of for now. */
  readonly #unlisted = new Set<string>();
  #pushes = 0;

  constructor(seed: number) {
    this.#world = new AgentWorld(seed);
    this.#judge = new AgentJudge(this.#world);
  }

  get violations(): Violation[] {
    return this.#judge.violations;
  }

  get troubles(): TroubleCounts {
    return this.#world.troubles.counts;
  }

  async begin(): Promise<void> {
    await this.#world.start();
    for (const target of targets) await this.#push(target);
    // Something of others under a name that Git may come to declare.
    await this.#makeForeign(`${targets[0]}-3`);
  }

  async step(): Promise<void> {
    const { clock } = this.#world;
    await this.#world.pick(this.#actions)();
    await clock.advance(this.#world.below(20_000));
  }

  /** Everything heals, people take back what they said, and then the cluster has to be what Git says. */
  async converge(): Promise<void> {
    const { gitHost, plane, instances, clock } = this.#world;
    gitHost.gone = false;
    gitHost.weather = 'fair';
    plane.connected = true;
    for (const { weather } of instances) {
      weather.weather = 'fair';
      weather.mend();
    }
    const unlisted = [...this.#unlisted].map((target) => this.#entries.get(target)!);
    if (unlisted.length > 0) plane.order(...unlisted);
    for (const target of targets) await this.#suspend(target, null);
    this.violations.push(...(await untilConverged(clock, () => targets.flatMap((target) => this.#wrongWith(target)))));
  }

  readonly #actions: readonly (() => unknown)[] = [
    () => this.#push(this.#world.pick(targets)),
    () => this.#push(this.#world.pick(targets)),
    () => this.#push(this.#world.pick(targets)),
    () => this.#pushTwice(this.#world.pick(targets)),
    () => this.#unlist(this.#world.pick(targets)),
    () => this.#editByHand(),
    () => this.#deleteByHand(),
    () => this.#makeForeign(this.#anyName()),
    () => this.#suspend(this.#world.pick(targets), this.#coin() ? 'looking' : null),
    () => this.#kill(),
    () => this.#kill(),
    () => this.#stop(),
    () => this.#cut(),
    () => this.#cut(),
    () => void (this.#world.pick(this.#world.instances).weather.weather = this.#anyWeather()),
    () => void (this.#world.pick(this.#world.instances).weather.weather = this.#anyWeather()),
    () => void (this.#world.gitHost.gone = this.#coin()),
    () => void (this.#world.gitHost.weather = this.#anyWeather()),
    () => void (this.#world.plane.connected = this.#coin()),
    () => this.#compact(),
    () => this.#world.repeatOrder(),
    () => this.#turnServerClock(),
  ];

  async #push(target: string): Promise<void> {
    const { git, plane } = this.#world;
    const value = `v${++this.#pushes}`;
    const names = Array.from({ length: namesEach }, (_, index) => `${target}-${index}`).filter(
      () => this.#world.below(4) > 0,
    );
    const wanted = Object.fromEntries(names.map((name) => [name, value]));
    const files = Object.fromEntries(names.map((name) => [`app/${name}.yaml`, manifest(name, value)]));
    const named = { target, application: target, generation: 0 };
    const entry = entryOf(git.commit(files), files, { ...named, ...renderingOf(target) });
    this.#wanted.set(target, wanted);
    this.#entries.set(target, entry);
    this.#unlisted.delete(target);
    plane.order(entry);
  }

  /** The second order finds the agent in the middle of what the first one asked for. */
  async #pushTwice(target: string): Promise<void> {
    await this.#push(target);
    await this.#world.clock.advance(this.#world.below(2_000));
    await this.#push(target);
  }

  #unlist(target: string): void {
    this.#unlisted.add(target);
    this.#world.plane.unlist(target);
  }

  async #kill(): Promise<void> {
    const { clock, troubles } = this.#world;
    const instance = this.#world.pick(this.#world.instances);
    instance.killIn(1 + this.#world.below(40), this.#coin());
    await clock.advance(this.#world.below(4_000));
    instance.clockOffMs = this.#world.below(4) === 0 ? this.#anyHoursMs() : 0;
    instance.restart();
    troubles.happened('agentKilled');
  }

  #stop(): void {
    this.#world.pick(this.#world.instances).standStill(8_000 + this.#world.below(20_000));
    this.#world.troubles.happened('agentStopped');
  }

  #cut(): void {
    const { weather } = this.#world.pick(this.#world.instances);
    if (this.#coin()) weather.cut();
    else weather.mend();
  }

  #compact(): void {
    this.#world.sim.compact();
    this.#world.troubles.happened('historyGone');
  }

  #turnServerClock(): void {
    this.#world.serverClockOffMs = this.#coin() ? this.#anyHoursMs() : 0;
    this.#world.troubles.happened('serverClockOff');
  }

  async #editByHand(): Promise<void> {
    const name = this.#anyName();
    if (!this.#world.stored(name)) return;
    this.#judge.foreign(name);
    const key = { group: '', kind: 'ConfigMap', namespace: appNamespace, name };
    await this.#world.people.mergePatch(key, { data: { value: 'by hand', extra: 'theirs' } }, people);
  }

  async #deleteByHand(): Promise<void> {
    const name = this.#anyName();
    this.#judge.foreign(name);
    const key = { group: '', kind: 'ConfigMap', namespace: appNamespace, name };
    await this.#world.people.delete(key, { propagation: 'Background' });
  }

  async #makeForeign(name: string): Promise<void> {
    this.#judge.foreign(name);
    const labels = { 'flotilla.dev/target': name.split('-')[0]! };
    const metadata = { name, namespace: appNamespace, ...(this.#world.below(2) === 0 && { labels }) };
    await this.#world.people.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { of: 'others' } }, people);
  }

  async #suspend(target: string, reason: string | null): Promise<void> {
    const key = { group: '', kind: 'Secret', namespace: agentObjects.namespace, name: agentObjects.record(target) };
    const patched = await this.#world.people.mergePatch(
      key,
      { metadata: { annotations: { 'flotilla.dev/suspend': reason } } },
      people,
    );
    if (!patched) return;
    if (reason === null) this.#judge.suspendedSince.delete(target);
    else if (!this.#judge.suspendedSince.has(target)) this.#judge.suspendedSince.set(target, this.#world.clock.now());
  }

  #anyName(): string {
    return `${this.#world.pick(targets)}-${this.#world.below(namesEach)}`;
  }

  #anyHoursMs(): number {
    return (this.#world.below(9) - 4) * 3_600_000;
  }

  #anyWeather(): Weather {
    return this.#coin() ? 'bad' : 'fair';
  }

  #coin(): boolean {
    return this.#world.below(2) === 0;
  }

  #wrongWith(target: string): Violation[] {
    const wanted = this.#wanted.get(target)!;
    const status = this.#world.plane.status(target);
    if (this.#isExcused(wanted, status?.reason?.code)) return [];
    const different = differencesFrom(wanted, (name) => this.#world.stored(name));
    const ours = this.#world.storedNames().filter((name) => name.startsWith(`${target}-`) && this.#isOurs(name));
    const extra = ours.filter((name) => !(name in wanted)).map((name) => `${name} left Git and is still there`);
    const told = { sync: status?.sync, revision: status?.revision, reason: status?.reason };
    const expected = { sync: 'Synced', revision: this.#entries.get(target)!.source.revision, reason: undefined };
    const untrue = isDeepStrictEqual(told, expected) ? [] : [`it is said to be ${JSON.stringify(told)}`];
    return [...different, ...extra, ...untrue].map((what) => new Violation(convergence, `${target}: ${what}`));
  }

  /** What others hold under a wanted name, and a source that is empty all of a sudden, is said and left: that is right. */
  #isExcused(wanted: Readonly<Record<string, string>>, code: string | undefined): boolean {
    if (code === 'EmptySource') return Object.keys(wanted).length === 0;
    const isHeld = Object.keys(wanted).some((name) => this.#judge.isForeign(name));
    return isHeld && (code === 'Conflict' || code === 'OwnershipLost');
  }

  #isOurs(name: string): boolean {
    const managers = this.#world.stored(name)?.metadata.managedFields ?? [];
    return managers.some(({ manager, operation }) => manager === 'flotilla' && operation === 'Apply');
  }
}

/** Every other target is made by a program. */
function renderingOf(target: string): Partial<DesiredEntry> {
  const isPlain = Number(target.slice(1)) % 2 === 1;
  return isPlain ? {} : { ...runIntent(['render']), render: { with: 'helm' } };
}
