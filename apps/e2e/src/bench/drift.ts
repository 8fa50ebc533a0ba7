import { systemClock, systemRandom } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { watchKind, type KubeClient } from '@flotilla/platform-kube';
import { applicationNames, objectsOf, teamOf } from './engine/bench-applications.ts';
import { openEngineWorld } from './engine/engine-world.ts';
import { apiServerConditions } from './engine/measured-api-server.ts';
import { beside, percentile, type Bench } from './figure.ts';

const applicationsDefault = 200;
const edits = 200;
const configMap = { group: '', kind: 'ConfigMap' };

/**
 * From the answer to somebody's edit to the watch event that says what Git says again. The floor is a loop that does
 * nothing but watch and put back.
 */
export const driftBench: Bench = {
  name: 'drift',
  about: `an edit by somebody else to its repair, P50 and P99 over ${edits} edits, beside a bare watch and apply`,
  run: async (tell, { applications = applicationsDefault }) => {
    const world = await openEngineWorld(applications);
    const floor = new BareRepair(world.api.client);
    const repairs = new Repairs(world.api.client);
    try {
      await world.deliver();
      await world.reported();
      const ours = applicationNames(applications).map((name, index) => configMapOf(name, index));
      const [told, least]: [number[], number[]] = [[], []];
      for (let edit = -5; edit < edits; edit++) {
        const tookMs = await repairs.of(ours[(edit + ours.length) % ours.length]!);
        const floorMs = await repairs.of(await floor.guard(edit));
        // The first few warm the compiler on both sides.
        if (edit >= 0) [told, least].forEach((samples, index) => samples.push(index === 0 ? tookMs : floorMs));
      }
      const conditions = `${edits} edits of a ConfigMap's data, one after another, ${applications} applications; ${apiServerConditions}; floor: watch and forced apply in the observer's process`;
      for (const [metric, share] of [
        ['driftRepairP50Ms', 0.5],
        ['driftRepairP99Ms', 0.99],
      ] as const) {
        tell({ metric, unit: 'ms', ...beside(percentile(told, share), percentile(least, share)), conditions });
      }
    } finally {
      await Promise.all([repairs.stop(), floor.stop()]);
      await world.stop();
    }
  },
};

function configMapOf(name: string, index: number): KubeObject {
  return objectsOf(name, teamOf(index)).find(({ kind }) => kind === configMap.kind)!;
}

const levelOf = ({ data }: KubeObject) => (data as Record<string, string> | undefined)?.['LOG_LEVEL'];

/** Changes objects as somebody else would, and waits until a watch shows what was there before. */
class Repairs {
  readonly #client: KubeClient;
  readonly #watch: { stop(): Promise<void> };
  #waiting: { readonly name: string; seenWrong: boolean; readonly tell: (at: number) => void } | undefined;

  constructor(client: KubeClient) {
    this.#client = client;
    this.#watch = watchConfigMaps(client, (object) => this.#see(object));
  }

  async of({ metadata: { name, namespace } }: KubeObject): Promise<number> {
    const repaired = new Promise<number>((tell) => (this.#waiting = { name, seenWrong: false, tell }));
    const patch = { data: { LOG_LEVEL: 'debug' } };
    await this.#client.mergePatch({ ...configMap, namespace, name }, patch, { manager: 'kubectl-edit' });
    const editedAt = performance.now();
    return (await repaired) - editedAt;
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  #see(object: KubeObject): void {
    const waiting = this.#waiting;
    if (waiting?.name !== object.metadata.name) return;
    if (levelOf(object) === 'debug') waiting.seenWrong = true;
    else if (waiting.seenWrong) waiting.tell(performance.now());
  }
}

/** The least that a repair takes: it hears of an edit and applies the one object once more. */
class BareRepair {
  readonly #client: KubeClient;
  readonly #watch: { stop(): Promise<void> };
  readonly #guarded = new Map<string, KubeObject>();

  constructor(client: KubeClient) {
    this.#client = client;
    this.#watch = watchConfigMaps(client, (object) => this.#heard(object));
  }

  /** An object of its own for each edit, as ours has. */
  async guard(edit: number): Promise<KubeObject> {
    const object = configMapOf(`bare${edit}`, 0);
    await this.#apply(object);
    this.#guarded.set(object.metadata.name, object);
    return object;
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  #heard(object: KubeObject): void {
    const guarded = this.#guarded.get(object.metadata.name);
    if (guarded && levelOf(object) !== levelOf(guarded)) void this.#apply(guarded);
  }

  #apply(object: KubeObject): Promise<unknown> {
    return this.#client.apply(object, { manager: 'bare', force: true });
  }
}

function watchConfigMaps(client: KubeClient, onObject: (object: KubeObject) => void): { stop(): Promise<void> } {
  return watchKind(client, configMap, {
    clock: systemClock,
    random: systemRandom,
    keep: () => undefined,
    onChange: (event) => {
      if (event.type === 'added' || event.type === 'changed') onObject(event.object);
    },
  });
}
