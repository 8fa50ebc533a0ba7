import type { GitObject } from '../objects/git-object.ts';
import type { FetchContext, FetchRequest, ObjectSource } from '../pull/object-source.ts';
import type { GitMirror } from './git-mirror.ts';
import type { ObjectReader } from './object-reader.ts';

export interface CommandSourceOptions {
  readonly mirror: GitMirror;
  readonly reader: ObjectReader;
  /** Runs `git` in the mirror, connected to the remote; a failure is a fault. */
  readonly git: (args: readonly string[], options: { input?: string; signal: AbortSignal }) => Promise<string>;
}

/**
 * Fetches into a mirror with the `git` command and finds what came there. Of a commit it takes all directories at once,
 * of files only those that are asked for.
 */
export class CommandSource implements ObjectSource {
  readonly #options: CommandSourceOptions;

  constructor(options: CommandSourceOptions) {
    this.#options = options;
  }

  async fetch(request: FetchRequest, { budget, signal }: FetchContext): Promise<readonly GitObject[]> {
    budget.traffic.requests++;
    const isCommit = request.tipOnly === true;
    await this.#options.mirror.fetchAlone(() =>
      isCommit ? this.#fetchCommit(request, signal) : this.#fetchObjects(request, signal),
    );
    return [];
  }

  find(oid: string): Promise<GitObject | undefined> {
    return this.#options.reader.read(oid);
  }

  /** The ref that it leaves is what the next fetch builds on. */
  #fetchCommit({ wants, have }: FetchRequest, signal: AbortSignal): Promise<string> {
    const tips = have ? [`--negotiation-tip=refs/flotilla/${have}`] : [];
    const refspecs = wants.map((oid) => `+${oid}:refs/flotilla/${oid}`);
    return this.#options.git([...fetchArguments, '--depth=1', ...tips, 'origin', ...refspecs], { signal });
  }

  #fetchObjects({ wants }: FetchRequest, signal: AbortSignal): Promise<string> {
    const args = ['-c', 'fetch.negotiationAlgorithm=noop', ...fetchArguments, '--stdin', 'origin'];
    return this.#options.git(args, { input: `${wants.join('\n')}\n`, signal });
  }
}

const fetchArguments = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--recurse-submodules=no',
  '--filter=blob:none',
];
