import { done, refused, type Clock, type Fault, type Random } from '@flotilla/foundation';
import type { KubeHeaders, KubeRequest, KubeResponse, KubeTransport } from '../transport/kube-transport.port.ts';
import { isSuccess, readWarnings, retryAfterMs, type Answer, type Call, type KubeWarning } from './answer.ts';
import { inWordsOf, stopped, tooLate } from './call-fault.ts';
import type { FlowControl } from './flow-control.ts';
import { faultOf } from './kube-fault.ts';
import { pauseBeforeRetry, type Tried } from './retry-policy.ts';

export interface CallerOptions {
  readonly transport: KubeTransport;
  readonly flow: FlowControl;
  readonly clock: Clock;
  readonly random: Random;
  /** How long one try may take, reading the answer included. */
  readonly timeoutMs: number;
  /** The largest answer that is read into memory at once. */
  readonly answerBytesMax: number;
  readonly onWarning?: ((warning: KubeWarning) => void) | undefined;
}

/** Carries calls to the API server: in turn, within a time limit, again where that is safe, as one identity. */
export class Caller {
  readonly flow: FlowControl;
  readonly #options: CallerOptions;
  readonly #identity: KubeHeaders;

  constructor(options: CallerOptions, identity: KubeHeaders = {}) {
    this.#options = options;
    this.#identity = identity;
    this.flow = options.flow;
  }

  /** The same, acting as somebody else; turns, pauses and connections stay shared. */
  as(identity: KubeHeaders): Caller {
    return new Caller(this.#options, identity);
  }

  /** Any answer of the server, also one that refuses. A fault says that there was none. */
  async send(call: Call): Promise<Answer> {
    const { clock, random } = this.#options;
    const urgent = isUrgent(call);
    for (let attempt = 1; ; attempt++) {
      const tried = await this.#inTurn(call, urgent);
      if (tried.ok && tried.value.status === 429 && !urgent)
        this.flow.pause(retryAfterMs(tried.value.headers) ?? 1_000);
      const pauseMs = call.request.signal?.aborted ? undefined : pauseBeforeRetry(call, tried, attempt, random);
      if (pauseMs !== undefined) await clock.sleep(pauseMs, call.request.signal);
      else if (tried.ok) return tried.value;
      else throw tried.reason;
    }
  }

  /** An answer that is a success; any other is thrown as a fault. */
  async demand(call: Call): Promise<Answer> {
    const answer = await this.send(call);
    if (!isSuccess(answer)) throw faultOf(call, answer);
    return answer;
  }

  /** The beginning of an endless answer. Tried once: who follows a stream has to come back anyway. */
  async open(call: Call): Promise<KubeResponse> {
    const response = await this.flow.openWatch(() =>
      this.#within(call, (request) => this.#request({ ...request, endless: true })),
    );
    if (isSuccess(response)) return response;
    const { status, headers } = response;
    if (status === 429) this.flow.pause(retryAfterMs(headers) ?? 1_000);
    throw faultOf(call, { status, headers, text: await response.text(this.#options.answerBytesMax) });
  }

  #inTurn(call: Call, urgent: boolean): Promise<Tried> {
    const task = () => this.#try(call);
    return urgent ? this.flow.urgentRequest(task) : this.flow.request(task);
  }

  async #try(call: Call): Promise<Tried> {
    try {
      return done(await this.#within(call, (request) => this.#answer(call, request)));
    } catch (error) {
      return refused(error as Fault);
    }
  }

  async #answer({ verb, subject }: Call, request: KubeRequest): Promise<Answer> {
    const { answerBytesMax, onWarning } = this.#options;
    const response = await this.#request(request);
    const { status, headers } = response;
    const warnings = readWarnings(headers);
    for (const warning of warnings) onWarning?.({ verb, subject, text: warning });
    return { status, headers, text: await response.text(answerBytesMax), warnings };
  }

  #request(request: KubeRequest): Promise<KubeResponse> {
    return this.#options.transport.request({ ...request, headers: { ...request.headers, ...this.#identity } });
  }

  /** Runs `task` under the time limit and gives every failure the words of its call. */
  async #within<Result>(call: Call, task: (request: KubeRequest) => Promise<Result>): Promise<Result> {
    const { clock, timeoutMs } = this.#options;
    const { signal } = call.request;
    const [deadline, finished] = [new AbortController(), new AbortController()];
    void clock.sleep(timeoutMs, finished.signal).then(() => {
      if (!finished.signal.aborted) deadline.abort(tooLate(timeoutMs));
    });
    try {
      return await task({
        ...call.request,
        signal: signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal,
      });
    } catch (error) {
      throw signal?.aborted ? stopped(call) : inWordsOf(call, error);
    } finally {
      // A reason of its own, because the one that is made otherwise collects a stack on every call.
      finished.abort('finished');
    }
  }
}

/** Leases: one that is renewed late is lost. */
function isUrgent({ request }: Call): boolean {
  return request.path.startsWith('/apis/coordination.k8s.io/');
}
