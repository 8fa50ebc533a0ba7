import { isDeepStrictEqual } from 'node:util';
import type { DesiredEntry } from '@flotilla/model';
import { AgentJudge, Violation } from './agent-judge.ts';
import type { SimulationResult } from './simulation-result.ts';
import { AgentWorld, agentNamespace, appNamespace } from './agent-world.ts';
import { badWeather, fairWeather } from './bad-weather.ts';

const targets = ['t1', 't2', 't3'];
const namesEach = 4;
const people = { manager: 'people' };

/** One run of a seed: things happen for `steps` steps, then all faults stop, and everything has to come right. */
export async function simulateAgent(seed: number, steps: number): Promise<SimulationResult> {
  const run = new AgentRun(seed);
  await run.begin();
  for (let step = 0; step < steps && run.violations.length === 0; step++) await run.step();
  if (run.violations.length === 0) await run.converge();
  return { violations: run.violations.map(({ message }) => message) };
}

class AgentRun {
  readonly #world: AgentWorld;
  readonly #judge: AgentJudge;
  /** What Git says for each target now. */
  readonly #wanted = new Map<string, Record<string, string>>();
  /** Everything that any entry which the agent may still hold declares. */
  readonly #entries = new Map<string, DesiredEntry>();

  constructor(seed: number) {
    this.#world = new AgentWorld(seed);
    this.#judge = new AgentJudge(this.#world, (target) => this.#heldNames(target));
  }

  get violations(): Violation[] {
    return this.#judge.violations;
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
    const { fixture, weather, clock } = this.#world;
    weather.weather = fairWeather;
    fixture.gitHost.gone = false;
    fixture.plane.connected = true;
    for (const target of targets) await this.#suspend(target, null);
    fixture.agent.greet();
    // Longer than any pause that a fault leads to.
    await clock.advance(600_000);
    for (const target of targets) this.#checkTarget(target);
  }

  readonly #actions: readonly (() => Promise<void>)[] = [
    () => this.#push(this.#world.pick(targets)),
    () => this.#push(this.#world.pick(targets)),
    () => this.#editByHand(),
    () => this.#deleteByHand(),
    () => this.#makeForeign(this.#anyName()),
    () => this.#suspend(this.#world.pick(targets), this.#world.below(2) === 0 ? 'looking' : null),
    () => this.#world.crash(this.#world.below(40), this.#world.below(2) === 0),
    async () => void (this.#world.weather.weather = this.#world.below(2) === 0 ? badWeather : fairWeather),
    async () => void (this.#world.fixture.gitHost.gone = this.#world.below(2) === 0),
    async () => void (this.#world.fixture.plane.connected = this.#world.below(2) === 0),
    async () => this.#world.sim.compact(),
    async () => void this.#world.fixture.plane.repeat(),
  ];

  async #push(target: string): Promise<void> {
    const { fixture } = this.#world;
    const names = Array.from({ length: namesEach }, (_, index) => `${target}-${index}`).filter(
      () => this.#world.below(4) > 0,
    );
    const wanted = Object.fromEntries(names.map((name) => [name, `v${this.#world.below(1_000)}`]));
    const files = Object.entries(wanted).map(([name, value]) => [`app/${name}.yaml`, manifest(name, value)]);
    const entry = fixture.entry(fixture.git.commit({ 'app/note.txt': 'x', ...Object.fromEntries(files) }), { target });
    this.#wanted.set(target, wanted);
    this.#entries.set(target, entry);
    fixture.plane.order(entry);
  }

  async #editByHand(): Promise<void> {
    const name = this.#anyName();
    if (!this.#world.stored(name)) return;
    const key = { group: '', kind: 'ConfigMap', namespace: appNamespace, name };
    await this.#world.people.mergePatch(key, { data: { value: 'by hand', extra: 'theirs' } }, people);
  }

  async #deleteByHand(): Promise<void> {
    const key = { group: '', kind: 'ConfigMap', namespace: appNamespace, name: this.#anyName() };
    await this.#world.people.delete(key, { propagation: 'Background' });
  }

  async #makeForeign(name: string): Promise<void> {
    const labels = { 'flotilla.dev/target': name.split('-')[0]! };
    const metadata = { name, namespace: appNamespace, ...(this.#world.below(2) === 0 && { labels }) };
    await this.#world.people.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { of: 'others' } }, people);
  }

  async #suspend(target: string, reason: string | null): Promise<void> {
    const key = { group: '', kind: 'Secret', namespace: agentNamespace, name: `flotilla-target-${target}` };
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

  /** What the entry declares that the agent holds right now; it may be older than the newest. */
  #heldNames(target: string): ReadonlySet<string> {
    const { agent, git } = this.#world.fixture;
    const held = agent.reconciler.memory(target)?.entry;
    return new Set(
      held
        ? Object.keys(git.filesAt(held.source.revision)).map((path) => path.slice('app/'.length, -'.yaml'.length))
        : [],
    );
  }

  #checkTarget(target: string): void {
    const { fixture } = this.#world;
    const wanted = this.#wanted.get(target)!;
    const status = fixture.plane.status(target);
    const entry = this.#entries.get(target)!;
    if (this.#isExcused(wanted, status?.reason?.code)) return;
    for (const [name, value] of Object.entries(wanted)) {
      const live = this.#world.stored(name);
      if ((live?.data as { value?: string } | undefined)?.value !== value)
        this.#fail(target, `${name} is ${JSON.stringify(live?.data)}, Git says ${value}`);
    }
    const ours = this.#world.storedNames().filter((name) => name.startsWith(`${target}-`) && this.#isOurs(name));
    const extra = ours.filter((name) => !(name in wanted));
    if (extra.length > 0) this.#fail(target, `${extra.join(', ')} left Git and are still there`);
    const told = { sync: status?.sync, revision: status?.revision, reason: status?.reason };
    const expected = { sync: 'Synced', revision: entry.source.revision, reason: undefined };
    if (!isDeepStrictEqual(told, expected)) this.#fail(target, `it is said to be ${JSON.stringify(told)}`);
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

  #fail(target: string, what: string): void {
    this.violations.push(new Violation('once faults stop, the cluster is what Git says', `${target}: ${what}`));
  }
}

const manifest = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: ${value}}\n`;
