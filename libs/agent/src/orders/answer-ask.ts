import { heldEntriesMax, type Answer, type Ask } from '@flotilla/contracts';
import { shortened, toFault } from '@flotilla/foundation';
import type { DesiredEntry } from '@flotilla/model';
import { contentDigest } from '@flotilla/model/node';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { ForeseenTarget } from '../preview/foresee-target.ts';
import { tellPreview } from '../preview/tell-preview.ts';
import type { TargetMemory } from '../reconcile/target-memory.ts';
import { tellDiff } from './tell-diff.ts';

/** What an answer is made from. */
export interface AnswerParts {
  readonly cluster: ClusterApi;
  /** What is remembered of the target that is asked about. */
  readonly memory: TargetMemory | undefined;
  /** The entries of the set that is held. */
  readonly held: readonly DesiredEntry[];
  /** What would be, were that ordered. */
  readonly foresee: (entry: DesiredEntry) => Promise<ForeseenTarget>;
}

/** Answers a question that only the cluster can answer. Secrets are masked here, before anything leaves. */
export async function answerAsk(
  { question }: Ask,
  { cluster, memory, held, foresee }: AnswerParts,
): Promise<Omit<Answer, 'v' | 'at' | 'id'>> {
  try {
    switch (question.kind) {
      case 'held':
        return tellHeld(held);
      case 'diff':
        return await tellTarget(question.target, { cluster, memory });
      case 'preview':
        return await tellPreview(cluster, await foresee(question.entry));
    }
  } catch (error) {
    return { problem: shortened(toFault(error).message, 2_000) };
  }
}

/** The set that is held, by name and digest: what a control plane that lost its record has to know before it goes on. */
function tellHeld(entries: readonly DesiredEntry[]): Pick<Answer, 'held' | 'problem'> {
  if (entries.length > heldEntriesMax)
    return { problem: `the agent holds ${entries.length} targets, and tells at most ${heldEntriesMax}` };
  const held = entries.map((entry) => {
    const { target, project, application, environment, suspended, frozen } = entry;
    return {
      target,
      project,
      application,
      environment,
      content: contentDigest(entry),
      ...(suspended && { suspended }),
      ...(frozen && { frozen }),
    };
  });
  return { held };
}

async function tellTarget(
  target: string,
  { cluster, memory }: Pick<AnswerParts, 'cluster' | 'memory'>,
): Promise<Pick<Answer, 'diff' | 'problem'>> {
  if (!memory?.rendered) return { problem: `the agent has nothing rendered for target ${target} yet` };
  return { diff: await tellDiff(cluster, memory) };
}
