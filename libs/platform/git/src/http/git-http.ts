import { gzipSync } from 'node:zlib';
import { Fault, type Clock } from '@flotilla/foundation';
import type { Dispatcher } from 'undici';
import { gitFault } from '../git-faults.ts';
import type { Traffic } from '../pack/pull-budget.ts';
import { printable } from '../printable.ts';
import { authorizationOf, type GitCredentials } from './credentials.ts';
import { infoRefsOf, redirectedBase, redirectRefused, type GitService } from './redirect.ts';
import type { RemoteUrl } from './remote-url.ts';
import { retryAfterMs } from './retry-after.ts';
import { faultOfConnection, faultOfStatus } from './status-faults.ts';
import { requestThrough } from './undici-parts.ts';

export interface GitHttpOptions {
  readonly url: RemoteUrl;
  readonly service: GitService;
  readonly credentials: GitCredentials | undefined;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
}

export interface RequestContext {
  readonly signal: AbortSignal;
  readonly traffic: Traffic;
}

/** The answer's body; it counts itself, and its failures are faults. */
export type Body = AsyncIterable<Uint8Array>;

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly answerType: string;
  readonly body?: string | Uint8Array;
}

/** Some hosts answer Git only to what calls itself Git. */
const agent = 'git/flotilla';
/** A request with many ids shrinks to half; a short one would only grow. */
const compressFrom = 1_024;

/**
 * The two HTTP requests of the protocol. There is one origin, that of the configured URL: requests, credentials and the
 * one redirect that is followed all stay there.
 */
export class GitHttp {
  readonly #options: GitHttpOptions;

  constructor(options: GitHttpOptions) {
    this.#options = options;
  }

  /** Asks what the host offers. `base` is where the repository turned out to live on its host. */
  async advertisement(context: RequestContext): Promise<{ base: string; body: Body }> {
    const { service, url } = this.#options;
    const answerType = `application/x-${service}-advertisement`;
    const ask = (base: string) =>
      this.#request({ method: 'GET', path: base + infoRefsOf(service), answerType }, context, url.path === base);
    const first = await ask(url.path);
    if ('body' in first) return { base: url.path, body: first.body };
    const second = await ask(first.base);
    if ('body' in second) return { base: first.base, body: second.body };
    throw redirectRefused(this.#place, 'it redirects again and again');
  }

  async post(base: string, body: string | Uint8Array, context: RequestContext): Promise<Body> {
    const { service } = this.#options;
    const answerType = `application/x-${service}-result`;
    const answer = await this.#request({ method: 'POST', path: `${base}/${service}`, answerType, body }, context);
    if ('body' in answer) return answer.body;
    throw redirectRefused(this.#place, 'it redirects a request for objects');
  }

  get #place(): string {
    return this.#options.url.origin + this.#options.url.path;
  }

  async #request(call: Call, context: RequestContext, mayRedirect = false): Promise<{ body: Body } | { base: string }> {
    const answer = await this.#send(call, context);
    const { statusCode, headers } = answer;
    if (statusCode === 200 && String(headers['content-type']).split(';')[0] === call.answerType) {
      return { body: this.#counted(answer.body, context) };
    }
    await answer.body.dump({ limit: 64 * 1024, signal: context.signal }).catch(() => undefined);
    if (statusCode >= 300 && statusCode < 400 && mayRedirect)
      return { base: redirectedBase(this.#options.url, headers['location'], this.#options.service) };
    throw this.#faultOf(statusCode, headers);
  }

  /**
   * Sends once, and once more when a connection that was kept alive turns out to be gone before anything came back. What
   * was sent to be written is not sent again: whoever writes looks first whether it took effect.
   */
  async #send(call: Call, context: RequestContext): Promise<Dispatcher.ResponseData> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#dispatch(call, context);
      } catch (error) {
        const isGone = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(String((error as { code?: string }).code));
        const maySend = call.method === 'GET' || this.#options.service === 'git-upload-pack';
        if (attempt === 1 && isGone && maySend && !context.signal.aborted) continue;
        throw this.#faultOfError(error, context.signal);
      }
    }
  }

  #dispatch({ method, path, body }: Call, { signal, traffic }: RequestContext): Promise<Dispatcher.ResponseData> {
    const { url, service, credentials, dispatcher } = this.#options;
    // A pack is compressed already.
    const isLong = typeof body === 'string' && body.length > compressFrom;
    const sent = isLong ? gzipSync(body) : Buffer.from(body ?? '');
    traffic.requests++;
    traffic.up += sent.byteLength;
    const headers = {
      'user-agent': agent,
      // Version 2 knows no way to push.
      ...(service === 'git-upload-pack' && { 'git-protocol': 'version=2' }),
      ...(body !== undefined && { 'content-type': `application/x-${service}-request` }),
      ...(isLong && { 'content-encoding': 'gzip' }),
      ...(credentials && { authorization: authorizationOf(credentials) }),
    };
    const request = { origin: url.origin, path, method, headers, signal, ...(body && { body: sent }) };
    return requestThrough(dispatcher, request);
  }

  async *#counted(body: Body, { signal, traffic }: RequestContext): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const chunk of body) {
        traffic.down += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      throw this.#faultOfError(error, signal);
    }
  }

  #faultOf(status: number, headers: Record<string, unknown>): Fault {
    const url = this.#place;
    if (status === 200) {
      const answer = headers['content-type'];
      const type = printable(typeof answer === 'string' ? answer : 'nothing', 60);
      const message = `${url} answers with ${type}, not with Git; check the URL, or whether the host wants a sign-in first`;
      return gitFault('GitAnswerNotGit', { message, subject: url });
    }
    if (status >= 300 && status < 400) return redirectRefused(url, 'it redirects a request that may not be redirected');
    const after = headers['retry-after'];
    const wait = retryAfterMs(typeof after === 'string' ? after : undefined, this.#options.clock.now());
    const right = this.#options.service === 'git-receive-pack' ? 'write' : 'read';
    return faultOfStatus({ status, url, retryAfterMs: wait, right });
  }

  #faultOfError(error: unknown, signal: AbortSignal): Fault {
    if (error instanceof Fault) return error;
    if (signal.aborted) return gitFault('GitCancelled', { message: 'the work on the repository was cancelled' });
    return faultOfConnection(error, this.#place);
  }
}
