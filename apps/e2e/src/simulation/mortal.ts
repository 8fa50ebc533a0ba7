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
  #calls = 0;
  /** Dies at this many further port calls: before the effect of the last one, or right after it. */
  #fuse: { calls: number; after: boolean } | undefined;
  /** While it stands still: until when, in the time of that clock. */
  #still: { readonly clock: Clock; readonly untilMs: number } | undefined;

  get dead(): boolean {
    return this.#dead;
  }

  /** How many port calls it has made. */
  get calls(): number {
    return this.#calls;
  }

  kill(): void {
    this.#dead = true;
  }

  killIn(calls: number, after: boolean): void {
    this.#fuse = { calls, after };
  }

  /** The whole process stands still for a while, as a suspended machine does: no timer fires, and no call goes out. */
  standStill(clock: Clock, ms: number): void {
    this.#still = { clock, untilMs: clock.now() + ms };
  }

  get isStill(): boolean {
    return this.#still !== undefined && this.#still.clock.now() < this.#still.untilMs;
  }

  /** What comes to a process that is gone is lost; to one that stands still it comes when that goes on. */
  hear(take: () => void): void {
    if (!this.#still) return this.#dead ? undefined : take();
    void this.#awake().then(() => this.hear(take));
  }

  /** One call of a port. */
  async call<Result>(effect: () => Promise<Result>): Promise<Result> {
    await this.#awake();
    if (this.#dead) return forever();
    this.#calls++;
    const last = this.#fuse !== undefined && --this.#fuse.calls <= 0;
    if (last && !this.#fuse!.after) {
      this.kill();
      return forever();
    }
    const result = await effect();
    await this.#awake();
    if (last) this.kill();
    return this.#dead ? forever() : result;
  }

  /** The time as this process sees it, which may be off by as much as its clock is. */
  clock(clock: Clock, offByMs = 0): Clock {
    return {
      now: () => clock.now() + offByMs,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        await this.#awake();
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
        cluster.watch(kind, { ...options, onChange: (change) => this.hear(() => options.onChange(change)) }),
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
      receive: (handler) => line.receive((order) => this.hear(() => handler(order))),
    };
  }

  async #awake(): Promise<void> {
    for (let still = this.#still; still; still = this.#still) {
      const leftMs = still.untilMs - still.clock.now();
      if (leftMs <= 0) this.#still = undefined;
      else await still.clock.sleep(leftMs);
    }
  }

  /** What arrives, for as long as anybody is there to hear it. */
  async *#heard(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const bytes of body) {
      await this.#awake();
      if (this.#dead) return;
      yield bytes;
    }
  }
}

function forever<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}
