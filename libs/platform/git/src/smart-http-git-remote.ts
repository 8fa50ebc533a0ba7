import type { Clock } from '@flotilla/foundation';
import { hasReason } from './git-faults.ts';
import { gitLimits, type GitLimits } from './git-limits.ts';
import type {
  CommitFilesOptions,
  GitWriter,
  ListedFile,
  ListFilesOptions,
  NewCommit,
  PushOptions,
  PushOutcome,
} from './git-writer.ts';
import type { GitFile, GitRef, ListRefsOptions, PulledCommit, PullOptions } from './git-remote.ts';
import { scrubber, type GitCredentials } from './http/credentials.ts';
import type { GitDispatcher } from './http/git-dispatcher.ts';
import { GitHttp, type RequestContext } from './http/git-http.ts';
import { parseRemoteUrl } from './http/remote-url.ts';
import type { GitObject } from './objects/git-object.ts';
import { KnownDirectories } from './objects/known-directories.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { readPack } from './pack/read-pack.ts';
import { readCapabilities, type Capabilities } from './protocol/capabilities.ts';
import { fetchRequest, readFetchedPack } from './protocol/fetch.ts';
import { lsRefsRequest, readLsRefs } from './protocol/ls-refs.ts';
import { MergedFetches } from './pull/merged-fetches.ts';
import type { FetchContext, FetchRequest, ObjectSource } from './pull/object-source.ts';
import { pullCommit, wantsMax, type PullPorts } from './pull/pull-commit.ts';
import { readPulled } from './pull/read-pulled.ts';
import { withDeadline } from './with-deadline.ts';
import { commitFiles } from './write/commit-files.ts';
import { listFiles } from './write/list-files.ts';
import { pushAndLook } from './write/push-and-look.ts';
import { SmartHttpPush } from './write/smart-http-push.ts';

export interface SmartHttpGitRemoteOptions {
  readonly url: string;
  readonly credentials?: GitCredentials;
  readonly store: ObjectStore;
  readonly dispatcher: GitDispatcher;
  readonly clock: Clock;
  readonly limits?: Partial<GitLimits>;
}

interface Offer {
  readonly base: string;
  readonly capabilities: Capabilities;
}

/**
 * A remote over HTTPS, spoken to in version 2 of Git's protocol, without a git binary. What the host offers is asked
 * once and remembered, so that in the steady state one look and one change cost one request each.
 */
export class SmartHttpGitRemote implements GitWriter {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #limits: GitLimits;
  readonly #http: GitHttp;
  readonly #push: SmartHttpPush;
  readonly #scrub: (text: string) => string;
  readonly #source: ObjectSource;
  readonly #directories = new KnownDirectories();
  #offer: Offer | undefined;

  constructor({ url, credentials, store, dispatcher, clock, limits }: SmartHttpGitRemoteOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#limits = { ...gitLimits, ...limits };
    this.#scrub = scrubber(credentials);
    const connection = { url: parseRemoteUrl(url), credentials, dispatcher: dispatcher.dispatcher, clock };
    this.#http = new GitHttp({ ...connection, service: 'git-upload-pack' });
    this.#push = new SmartHttpPush(new GitHttp({ ...connection, service: 'git-receive-pack' }), this.#scrub);
    this.#source = new MergedFetches({
      source: { fetch: (request, context) => this.#fetch(request, context) },
      runningMax: 2,
      wantsMax,
      companyBytesMax: this.#limits.companyBytesMax,
    });
  }

  async listRefs(options: ListRefsOptions): Promise<GitRef[]> {
    const { signal } = options;
    const { wallMs } = this.#limits;
    const task = (ending: AbortSignal) => {
      const context = { signal: ending, traffic: { up: 0, down: 0, requests: 0 } };
      return this.#withOffer(context, async ({ base }) => {
        const body = await this.#http.post(base, lsRefsRequest(options), context);
        return readLsRefs(body, { ...options, limits: this.#limits, scrub: this.#scrub });
      });
    };
    return withDeadline(task, { clock: this.#clock, wallMs, ...(signal && { signal }) });
  }

  pull(options: PullOptions): Promise<PulledCommit> {
    return pullCommit(this.#ports, options);
  }

  files(tree: string): Promise<GitFile[]> {
    return readPulled(this.#ports, tree);
  }

  list(options: ListFilesOptions): Promise<ReadonlyMap<string, ListedFile>> {
    return listFiles(this.#ports, options);
  }

  commitFiles(options: CommitFilesOptions): Promise<NewCommit | undefined> {
    return commitFiles(this.#ports, options);
  }

  push(options: PushOptions): Promise<PushOutcome> {
    return pushAndLook(options, {
      send: (signal) => this.#push.send(options, signal),
      refs: (listing) => this.listRefs(listing),
      deadline: { clock: this.#clock, wallMs: this.#limits.wallMs },
    });
  }

  get #ports(): PullPorts {
    return {
      source: this.#source,
      store: this.#store,
      limits: this.#limits,
      clock: this.#clock,
      directories: this.#directories,
    };
  }

  #fetch(request: FetchRequest, { budget, objectsMax, findHeld, signal }: FetchContext): Promise<readonly GitObject[]> {
    const context = { signal, traffic: budget.traffic };
    return this.#withOffer(context, async ({ base, capabilities }) => {
      const body = await this.#http.post(base, fetchRequest(request, capabilities), context);
      const pack = readFetchedPack(body, { bytesMax: this.#limits.packBytesMax, scrub: this.#scrub });
      return readPack(pack, { budget, objectsMax, findBase: findHeld });
    });
  }

  /** Works with the remembered offer; a refusal that may come from its age is asked about once more, with a new one. */
  async #withOffer<Result>(context: RequestContext, work: (offer: Offer) => Promise<Result>): Promise<Result> {
    const remembered = this.#offer;
    if (!remembered) return work(await this.#askOffer(context));
    try {
      return await work(remembered);
    } catch (error) {
      if (!isMaybeStale(error)) throw error;
      return work(await this.#askOffer(context));
    }
  }

  async #askOffer(context: RequestContext): Promise<Offer> {
    this.#offer = undefined;
    const { base, body } = await this.#http.advertisement(context);
    this.#offer = { base, capabilities: await readCapabilities(body, this.#scrub) };
    return this.#offer;
  }
}

/** The repository may have moved on its host, or the host may have been replaced by one that offers less. */
function isMaybeStale(error: unknown): boolean {
  return hasReason(error, 'GitRepositoryNotFound', 'GitRedirectRefused', 'GitAnswerNotGit', 'GitHostRefused');
}
