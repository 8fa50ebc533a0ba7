import type { Fault } from '@flotilla/foundation';
import type { PushOptions } from '../git-writer.ts';
import { packOf } from '../pack/write-pack.ts';
import { printable } from '../printable.ts';
import type { PushReport } from '../protocol/receive-pack.ts';
import type { CommandResult } from './run-command.ts';

export interface CommandPush {
  /** Runs `git` in the mirror, connected to the remote. */
  readonly git: (
    args: readonly string[],
    options: { readonly input?: Uint8Array; readonly signal: AbortSignal },
  ) => Promise<CommandResult>;
  /** What a failed command means, when it is not a refusal. */
  readonly faultOf: (errors: string) => Fault;
  readonly signal: AbortSignal;
}

/** Puts what is new into the mirror and has the `git` command push it, only if the ref still is where it has to be. */
export async function pushWithCommand(
  { ref, before, commit }: PushOptions,
  { git, faultOf, signal }: CommandPush,
): Promise<PushReport> {
  const stored = await git(['unpack-objects', '-q'], { input: packOf(commit.objects), signal });
  if (!stored.succeeded) throw faultOf(stored.errors);
  const lease = `--force-with-lease=${ref}:${before ?? ''}`;
  const args = ['push', '--porcelain', '--no-verify', lease, 'origin', `${commit.id}:${ref}`];
  const { succeeded, output, errors } = await git(args, { signal });
  if (succeeded) return { taken: true };
  const refused = output.split('\n').find((line) => line.startsWith('!'));
  if (refused === undefined) throw faultOf(errors);
  return { taken: false, why: printable(wordsOf(refused, errors), 500) };
}

/** `!	<from>:<to>	[remote rejected] (<why>)`, and what the host said to people besides. */
function wordsOf(refused: string, errors: string): string {
  const said = errors.split('\n').flatMap((line) => (line.startsWith('remote:') ? [line.slice('remote:'.length)] : []));
  return [refused.split('\t')[2] ?? '', ...said].join(' ').replaceAll(/\s+/g, ' ').trim();
}
