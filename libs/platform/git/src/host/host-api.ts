import { Fault, type Clock } from '@flotilla/foundation';
import { gitFault } from '../git-faults.ts';
import { authorizationOf, scrubber, type GitCredentials } from '../http/credentials.ts';
import type { GitDispatcher } from '../http/git-dispatcher.ts';
import { parseRemoteUrl, type RemoteUrl } from '../http/remote-url.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { faultOfConnection, faultOfStatus } from '../http/status-faults.ts';
import { requestThrough } from '../http/undici-parts.ts';
import { printable } from '../printable.ts';
import { withDeadline } from '../with-deadline.ts';

export interface HostApiOptions {
  /** Where the API begins, such as `https://api.github.com`. */
  readonly url: string;
  readonly credentials: GitCredentials;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: GitDispatcher;
  readonly clock: Clock;
}

interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** A status that is an answer here, and no fault. */
  readonly answers?: number;
}

/** What came back, read as JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly content: unknown;
}

const answerBytesMax = 4 * 1024 * 1024;
const wallMs = 30_000;

/** A host's REST API: one origin, no redirects, bounded answers, and every failure a fault that says what follows. */
export class HostApi {
  readonly #options: HostApiOptions;
  readonly #base: RemoteUrl;
  readonly #scrub: (text: string) => string;

  constructor(options: HostApiOptions) {
    this.#options = options;
    this.#base = parseRemoteUrl(options.url);
    this.#scrub = scrubber(options.credentials);
  }

  call(request: ApiCall, signal: AbortSignal): Promise<ApiAnswer> {
    return withDeadline((ending) => this.#call(request, ending), { clock: this.#options.clock, wallMs, signal });
  }

  async #call({ method, path, body, answers }: ApiCall, signal: AbortSignal): Promise<ApiAnswer> {
    const { credentials, dispatcher, headers } = this.#options;
    try {
      const answer = await requestThrough(dispatcher.dispatcher, {
        origin: this.#base.origin,
        path: this.#base.path + path,
        method,
        signal,
        headers: {
          ...headers,
          'user-agent': 'flotilla',
          authorization: authorizationOf(credentials),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await boundedText(answer.body);
      const isAnswer = (answer.statusCode >= 200 && answer.statusCode < 300) || answer.statusCode === answers;
      if (!isAnswer) throw this.#faultOf(answer.statusCode, answer.headers, text);
      return { status: answer.statusCode, content: this.#json(text) };
    } catch (error) {
      if (error instanceof Fault) throw error;
      if (signal.aborted) throw gitFault('GitCancelled', { message: 'the work on the repository was cancelled' });
      throw faultOfConnection(error, this.#place);
    }
  }

  get #place(): string {
    return this.#base.origin + this.#base.path;
  }

  #json(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.malformed();
    }
  }

  /** Raised by whoever reads an answer that has not the shape that was promised. */
  malformed(): Fault {
    const message = `${this.#place} did not answer as its API does; check spec.host of the repository`;
    return gitFault('GitAnswerMalformed', { message, subject: this.#place });
  }

  /** What the host says for itself, when it refuses what it understood. */
  refused(content: unknown): Fault {
    const words = printable(this.#scrub(JSON.stringify(content)), 300);
    return gitFault('GitHostRefused', { message: `${this.#place} refuses: ${words}`, subject: this.#place });
  }

  #faultOf(status: number, headers: Record<string, unknown>, text: string): Fault {
    const [after, url] = [headers['retry-after'], this.#place];
    const wait = retryAfterMs(typeof after === 'string' ? after : undefined, this.#options.clock.now());
    // GitHub asks for patience with 403 as well, and says until when, or that nothing is left.
    const isLimited = status === 403 && (wait !== undefined || headers['x-ratelimit-remaining'] === '0');
    if (isLimited) return faultOfStatus({ status: 429, url, retryAfterMs: wait });
    if (status === 422 || status === 400 || status === 409) return this.refused(text);
    return faultOfStatus({ status, url, retryAfterMs: wait, right: 'open pull requests' });
  }
}

async function boundedText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax)
      throw gitFault('GitPackTooLarge', { message: 'the answer of the Git host is too long' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
