import { join } from 'node:path';
import { agentObjects } from '@flotilla/agent';
import { every, systemClock, toFault, type Running } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { agentProcess, startChild, type Child } from '@flotilla/testing';
import type { SimulatedClusterProcess } from './simulated-cluster.ts';

/** What an image is on this machine: an entry point, and what its processes are told besides. */
export interface LocalImage {
  readonly program: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface AgentKubeletOptions {
  readonly cluster: SimulatedClusterProcess;
  readonly name: string;
  readonly logs: string;
  readonly images: Readonly<Record<string, LocalImage>>;
}

interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { name: string; value?: string; valueFrom?: { fieldRef: { fieldPath: string } } }[];
}

const restartMs = 500;

/**
 * A kubelet for the agent's own namespace of a simulated cluster: what its pods say shall run does run, as processes of
 * this machine. One that ends is started again; one whose pod goes is told to stop.
 */
export class AgentKubelet implements Running {
  readonly #options: AgentKubeletOptions;
  readonly #pods = new Map<string, PodProcess>();
  readonly #looking: Running;

  constructor(options: AgentKubeletOptions) {
    this.#options = options;
    const onError = (error: unknown) => void process.stderr.write(`kubelet: ${toFault(error).message}\n`);
    this.#looking = every({ clock: systemClock, intervalMs: 100, run: () => this.#look(), onError });
  }

  async stop(): Promise<void> {
    await this.#looking.stop();
    await Promise.all([...this.#pods.values()].map((pod) => pod.stop()));
  }

  async #look(): Promise<void> {
    const { client } = this.#options.cluster;
    const { items } = await client.list({ group: '', kind: 'Pod' }, { namespace: agentObjects.namespace });
    const there = new Map(items.map((pod) => [pod.metadata.uid!, pod]));
    for (const [uid, running] of this.#pods) {
      const pod = there.get(uid);
      if (pod && !pod.metadata.deletionTimestamp) continue;
      this.#pods.delete(uid);
      void running.stop();
    }
    for (const [uid, pod] of there) {
      if (!this.#pods.has(uid) && isStarted(pod)) this.#pods.set(uid, new PodProcess(pod, this.#options));
    }
  }
}

/** Pulled and begun, as far as the simulated cluster is concerned. */
function isStarted(pod: KubeObject): boolean {
  const { phase } = (pod.status ?? {}) as { phase?: string };
  return !pod.metadata.deletionTimestamp && (phase === 'Running' || phase === 'Succeeded');
}

/** The one process of a pod. */
class PodProcess implements Running {
  readonly #pod: KubeObject;
  readonly #options: AgentKubeletOptions;
  #child: Child | undefined;
  #stopped = false;

  constructor(pod: KubeObject, options: AgentKubeletOptions) {
    this.#pod = pod;
    this.#options = options;
    void this.#keepRunning();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#child?.stop();
  }

  async #keepRunning(): Promise<void> {
    const { restartPolicy } = this.#pod.spec as { restartPolicy?: string };
    while (!this.#stopped) {
      this.#child = this.#start();
      const left = await this.#child.exited;
      if (left === 'exit code 0' && restartPolicy !== 'Always') return;
      await systemClock.sleep(restartMs);
    }
  }

  #start(): Child {
    const { images, logs, name } = this.#options;
    const [container] = (this.#pod.spec as { containers: readonly [Container] }).containers;
    const image = images[container.image];
    if (!image) throw new Error(`there is no image ${container.image} here`);
    const { command, args, env } = agentProcess({ ...this.#environment(container), ...image.environment });
    const said = (container.args ?? []).slice(1);
    return startChild({
      name: this.#pod.metadata.name,
      command,
      args: [...args.slice(0, -1), image.program, ...said],
      env: env!,
      logFile: join(logs, `${name}-${this.#pod.metadata.name}.log`),
    });
  }

  #environment({ env = [] }: Container): Record<string, string> {
    const valueOf = ({ value, valueFrom }: NonNullable<Container['env']>[number]) =>
      valueFrom?.fieldRef.fieldPath === 'metadata.name' ? this.#pod.metadata.name : (value ?? '');
    return Object.fromEntries(env.map((variable) => [variable.name, valueOf(variable)]));
  }
}
