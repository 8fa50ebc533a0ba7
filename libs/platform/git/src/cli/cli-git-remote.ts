import type { Clock } from '@flotilla/foundation';
import { gitFault } from '../git-faults.ts';
import { gitLimits, type GitLimits } from '../git-limits.ts';
import type { GitFile, GitRef, ListRefsOptions, PulledCommit, PullOptions } from '../git-remote.ts';
import type {
  CommitFilesOptions,
  GitWriter,
  ListedFile,
  ListFilesOptions,
  NewCommit,
  PushOptions,
  PushOutcome,
} from '../git-writer.ts';
import { addressPolicy, type PrivateNetworks } from '../http/address-policy.ts';
import { scrubber, type GitCredentials } from '../http/credentials.ts';
import { isLoopbackHost, parseRemoteUrl, type RemoteUrl } from '../http/remote-url.ts';
import { KnownDirectories } from '../objects/known-directories.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { isAsked } from '../protocol/ls-refs.ts';
import { checkCommitId } from '../pull/commit-id.ts';
import { pullCommit, type PullPorts } from '../pull/pull-commit.ts';
import { readPulled } from '../pull/read-pulled.ts';
import { withDeadline } from '../with-deadline.ts';
import { commitFiles } from '../write/commit-files.ts';
import { listFiles } from '../write/list-files.ts';
import { pushAndLook } from '../write/push-and-look.ts';
import { commandFault, spokeVersion2 } from './command-fault.ts';
import { CommandSource } from './command-source.ts';
import { bareEnvironment, gitEnvironment } from './git-environment.ts';
import { pushWithCommand } from './command-push.ts';
import { GitMirror } from './git-mirror.ts';
import { judgedAddresses } from './judged-addresses.ts';
import { ObjectReader } from './object-reader.ts';
import { parseLsRemote } from './parse-ls-remote.ts';
import { runCommand, type CommandResult } from './run-command.ts';

export interface CliGitRemoteOptions {
  readonly url: string;
  readonly credentials?: GitCredentials;
  readonly store: ObjectStore;
  /** Where the mirror lives; it may be thrown away at any time when nothing runs. */
  readonly directory: string;
  readonly mirrorBytesMax: number;
  readonly clock: Clock;
  readonly limits?: Partial<GitLimits>;
  readonly privateNetworks?: PrivateNetworks;
  readonly caFile?: string;
  /** The `git` command, of version 2.37 or later. */
  readonly program?: string;
}

interface CommandOptions {
  readonly signal: AbortSignal;
  readonly input?: string | Uint8Array;
  /** Has the command tell how it spoke with the host, and insists on version 2. */
  readonly trace?: boolean;
}

const outputBytesMax = 16 * 1024 * 1024;

/**
 * A remote read with the `git` command into a partial bare mirror: for repositories so large that a mirror on disk pays.
 * It takes the same credentials, keeps the same rules about addresses, and gives the same faults. It follows no
 * redirect at all, and cannot tell how many bytes went over the wire: those figures are zero.
 */
export class CliGitRemote implements GitWriter {
  readonly #options: CliGitRemoteOptions;
  readonly #url: RemoteUrl;
  readonly #limits: GitLimits;
  readonly #mirror: GitMirror;
  readonly #scrub: (text: string) => string;
  readonly #directories = new KnownDirectories();
  #reading = 0;

  constructor(options: CliGitRemoteOptions) {
    this.#options = options;
    this.#url = parseRemoteUrl(options.url);
    this.#limits = { ...gitLimits, ...options.limits };
    this.#mirror = new GitMirror({ directory: options.directory, bytesMax: options.mirrorBytesMax });
    this.#scrub = scrubber(options.credentials);
  }

  async listRefs(options: ListRefsOptions): Promise<GitRef[]> {
    const patterns = [...(options.names ?? []), ...(options.prefixes ?? []).map((prefix) => `${prefix}*`)];
    const list = async (signal: AbortSignal) => {
      await this.#mirror.prepare();
      return this.#git(['ls-remote', '--symref', '--', 'origin', ...patterns], { signal, trace: true });
    };
    const { signal } = options;
    const output = await withDeadline(list, { ...this.#deadline, ...(signal && { signal }) });
    return parseLsRemote(output, this.#limits).filter(({ name }) => isAsked(name, options));
  }

  async pull(options: PullOptions): Promise<PulledCommit> {
    checkCommitId(options.commit);
    return this.#withPorts((ports) => pullCommit(ports, options));
  }

  files(tree: string): Promise<GitFile[]> {
    return this.#withPorts((ports) => readPulled(ports, tree));
  }

  list(options: ListFilesOptions): Promise<ReadonlyMap<string, ListedFile>> {
    return this.#withPorts((ports) => listFiles(ports, options));
  }

  commitFiles(options: CommitFilesOptions): Promise<NewCommit | undefined> {
    return this.#withPorts((ports) => commitFiles(ports, options));
  }

  async push(options: PushOptions): Promise<PushOutcome> {
    await this.#mirror.prepare();
    const git = this.#run.bind(this);
    const faultOf = (errors: string) => commandFault(errors, this.#url.origin + this.#url.path);
    return pushAndLook(options, {
      send: (signal) => this.#mirror.fetchAlone(() => pushWithCommand(options, { git, faultOf, signal })),
      refs: (listing) => this.listRefs(listing),
      deadline: this.#deadline,
    });
  }

  /** Lends the mirror; it is trimmed when the last one who reads it is done. */
  async #withPorts<Result>(task: (ports: PullPorts) => Promise<Result>): Promise<Result> {
    await this.#mirror.prepare();
    const reader = this.#openReader();
    this.#reading++;
    try {
      const source = new CommandSource({
        mirror: this.#mirror,
        reader,
        git: (args, { input, signal }) => this.#git(args, { signal, ...(input !== undefined && { input }) }),
      });
      const { store, clock } = this.#options;
      return await task({ source, store, clock, limits: this.#limits, directories: this.#directories });
    } finally {
      reader.close();
      if (--this.#reading === 0) await this.#mirror.trim();
    }
  }

  get #deadline() {
    return { clock: this.#options.clock, wallMs: this.#limits.wallMs };
  }

  #openReader(): ObjectReader {
    const environment = { ...bareEnvironment(this.#options.directory), ...this.#mirror.environmentForReading };
    return new ObjectReader({ program: this.#program, environment, limits: this.#limits });
  }

  get #program(): string {
    return this.#options.program ?? 'git';
  }

  async #git(args: readonly string[], options: CommandOptions): Promise<string> {
    const { succeeded, output, errors } = await this.#run(args, options);
    const place = this.#url.origin + this.#url.path;
    if (!succeeded) throw commandFault(errors, place);
    if (options.trace && !spokeVersion2(errors)) throw notGit(place);
    return output;
  }

  async #run(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
    const { privateNetworks = 'allow', credentials, caFile, directory } = this.#options;
    const addresses = await judgedAddresses(this.#url, addressPolicy({ privateNetworks, isLoopbackHost }));
    const connected = gitEnvironment({
      url: this.#url,
      addresses,
      home: directory,
      ...(credentials && { credentials }),
      ...(caFile && { caFile }),
    });
    const result = await runCommand({
      program: this.#program,
      args,
      environment: {
        ...connected,
        GIT_DIR: this.#mirror.fetching,
        ...(options.trace && { GIT_TRACE2_EVENT: '2' }),
      },
      outputBytesMax,
      signal: options.signal,
      ...(options.input !== undefined && { input: options.input }),
    });
    return { ...result, errors: this.#scrub(result.errors) };
  }
}

function notGit(url: string) {
  const message = `${url} does not answer in version 2 of Git's protocol; check the URL, or whether the host wants a sign-in`;
  return gitFault('GitAnswerNotGit', { message, subject: url });
}
