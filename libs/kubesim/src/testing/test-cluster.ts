import { createIds, seededRandom, type Running } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { versionOf } from '@flotilla/model';
import type { ConformanceAnswer, ConformanceApi } from '../conformance/conformance-api.ts';
import { startControllers } from '../controllers/start-controllers.ts';
import { KubeSim } from '../kube-sim.ts';
import type { Json, JsonDraft, JsonObject } from '../schema/schema-type.ts';
import { inProcessApi } from './in-process-api.ts';

export interface TestClusterOptions {
  readonly historyMax?: number;
}

/** A simulated cluster on a clock of its own, with short words for what tests do most. */
export class TestCluster {
  readonly clock = new VirtualClock();
  readonly sim: KubeSim;
  readonly api: ConformanceApi;
  #controllers: Running | undefined;

  constructor({ historyMax = 1_000 }: TestClusterOptions = {}) {
    const random = seededRandom(1);
    const fill = (bytes: Uint8Array) => bytes.forEach((_, index) => (bytes[index] = random.next() * 256));
    this.sim = new KubeSim({ clock: this.clock, ids: createIds(this.clock, fill), historyMax });
    this.api = inProcessApi(this.sim, this.clock.now());
  }

  /** Pods start within 300 ms, and those that end work as long. */
  startControllers(): void {
    const random = seededRandom(2);
    this.#controllers = startControllers(this.sim, { clock: this.clock, random, onSurprise: rethrow });
  }

  async stop(): Promise<void> {
    await this.#controllers?.stop();
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Lets virtual time go by until the work has ended. */
  async whileTimePasses<Result>(work: Promise<Result>): Promise<Result> {
    const ended = { yet: false };
    const watched = work.finally(() => (ended.yet = true));
    watched.catch(() => undefined);
    while (!ended.yet) await this.clock.advance(100);
    return watched;
  }

  /** Applies by force, in the namespace `default` unless the object names one. */
  async apply(object: JsonObject, manager = 'test'): Promise<JsonDraft> {
    const path = `${this.pathOf(object)}?fieldManager=${manager}&force=true`;
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    return accepted(await this.api.request('PATCH', path, { headers, body: object }));
  }

  async get(path: string): Promise<JsonDraft> {
    return accepted(await this.api.request('GET', path));
  }

  async items(path: string): Promise<readonly JsonDraft[]> {
    return (await this.get(path))['items'] as readonly JsonDraft[];
  }

  async delete(path: string, options: Json = {}): Promise<JsonDraft> {
    return accepted(await this.api.request('DELETE', path, { body: options }));
  }

  pathOf({ apiVersion, kind, metadata }: JsonObject): string {
    const { name, namespace = 'default' } = metadata as { name: string; namespace?: string };
    const resource = this.sim.view.resourceOf(apiVersion as string, kind as string);
    if (!resource) throw new Error(`the cluster serves no ${apiVersion as string} ${kind as string}`);
    const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
    const place = resource.namespaced ? [`namespaces/${namespace}`] : [];
    return [root, versionOf(apiVersion as string), ...place, resource.plural, name].join('/');
  }
}

function accepted({ status, body }: ConformanceAnswer): JsonDraft {
  if (status >= 300) throw new Error(`answered with ${status}: ${JSON.stringify(body)}`);
  return body as JsonDraft;
}

/** What is no refusal is a defect, and shall fail the test. */
function rethrow(error: unknown): never {
  throw error;
}
