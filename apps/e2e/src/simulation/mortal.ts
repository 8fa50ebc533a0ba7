import type { ClusterApi, ControlLine } from '@flotilla/agent';
import { interceptCluster } from '@flotilla/agent/testing';
import type { Clock } from '@flotilla/foundation';
import type { KubeRequest, KubeResponse, KubeTransport } from '@flotilla/platform-kube';

/**
 * The ports of one process that can die at any moment: from then on nothing that it waits for ever comes, as when the
 * real process is gone. What it had sent before has had its effect, or not; nobody is told.
 */
export class Mortal {
  #dead = false;
  /** Dies at this many further port calls: before the effect of the last one, or right after it. */
  #fuse: { calls: number; after: boolean } | undefined;

  get dead(): boolean {
    return this.#dead;
  }

  kill(): void {
    this.#dead = true;
  }

  killIn(calls: number, after: boolean): void {
    this.#fuse = { calls, after };
  }

  /** One call of a port. */
  async call<Result>(effect: () => Promise<Result>): Promise<Result> {
    if (this.#dead) return forever();
    const last = this.#fuse !== undefined && --this.#fuse.calls <= 0;
    if (last && !this.#fuse!.after) {
      this.kill();
      return forever();
    }
    const result = await effect();
    if (last) this.kill();
    return this.#dead ? forever() : result;
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        // A process that is gone does not wake; one that is told to stop waiting still does.
        return this.#dead ? forever() : undefined;
      },
    };
  }

  transport(transport: KubeTransport): KubeTransport {
    return {
      request: async (request: KubeRequest): Promise<KubeResponse> => {
        const response = await this.call(() => transport.request(request));
        return { ...response, body: this.#heard(response.body) };
      },
    };
  }

  cluster(cluster: ClusterApi): ClusterApi {
    const asked = interceptCluster(cluster, (_call, effect) => this.call(effect));
    return {
      ...asked,
      watch: (kind, options) =>
        cluster.watch(kind, { ...options, onChange: (change) => this.#dead || options.onChange(change) }),
    };
  }

  /** A port whose methods are all asynchronous. */
  port<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => this.call(async () => method.apply(target, args) as unknown);
      },
    });
  }

  line(line: ControlLine): ControlLine {
    const isAlive = () => !this.#dead;
    return {
      get connected() {
        return isAlive() && line.connected;
      },
      send: (kind, message, traceparent) => isAlive() && line.send(kind, message, traceparent),
      receive: (handler) => line.receive((order) => isAlive() && handler(order)),
    };
  }

  /** What arrives, for as long as anybody is there to hear it. */
  async *#heard(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const bytes of body) {
      if (this.#dead) return;
      yield bytes;
    }
  }
}

function forever<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}
