import type { Clock } from '@flotilla/foundation';
import type { GitRemote } from '../git-remote.ts';
import type { PushOptions, PushOutcome } from '../git-writer.ts';
import type { PushReport } from '../protocol/receive-pack.ts';
import { withDeadline } from '../with-deadline.ts';

export interface PushRoad {
  /** Sends the commit; nothing was sent when the host listed the ref somewhere else already. */
  readonly send: (signal: AbortSignal) => Promise<PushReport>;
  readonly refs: GitRemote['listRefs'];
  readonly deadline: { readonly clock: Clock; readonly wallMs: number };
}

/**
 * Sends a commit, and after anything but a plain yes reads where the ref points: a host may refuse in many words what only
 * means that somebody was faster, and an answer may be lost although the push took effect.
 */
export async function pushAndLook(options: PushOptions, road: PushRoad): Promise<PushOutcome> {
  const { ref, before, commit } = options;
  const trouble = await troubleOf(options, road);
  if (!trouble) return { kind: 'done' };
  const now = await refNow(ref, options, road).catch((error: unknown) => {
    // The first failure is the one to tell.
    throw 'error' in trouble ? trouble.error : error;
  });
  if (now === commit.id) return { kind: 'done' };
  if (now !== before) return { kind: 'moved', commit: now };
  if ('error' in trouble) throw trouble.error;
  return { kind: 'refused', why: trouble.why };
}

type Trouble = { readonly why: string } | { readonly error: unknown };

async function troubleOf({ signal }: PushOptions, { send, deadline }: PushRoad): Promise<Trouble | undefined> {
  try {
    const report = await withDeadline(send, { ...deadline, ...(signal && { signal }) });
    return report.taken ? undefined : { why: report.why };
  } catch (error) {
    return { error };
  }
}

async function refNow(ref: string, { signal }: PushOptions, { refs }: PushRoad): Promise<string | undefined> {
  const [found] = await refs({ names: [ref], ...(signal && { signal }) });
  return found?.commit;
}
