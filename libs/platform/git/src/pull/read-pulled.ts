import { gitFault, hasReason } from '../git-faults.ts';
import type { GitFile } from '../git-remote.ts';
import { readFiles } from '../objects/read-files.ts';
import { PullBudget } from '../pack/pull-budget.ts';
import { withDeadline } from '../with-deadline.ts';
import { HeldObjects } from './held-objects.ts';
import { wantsMax, type PullPorts } from './pull-commit.ts';
import { surveyBelow } from './survey.ts';

/** Trees first, then what they name, for a source that brings no more than it is asked for. */
const roundsMax = 3;

/**
 * The files below a tree that was pulled. A store is bounded, and neighbours may have pushed out of it meanwhile what
 * was pulled, or it may be too small for this path at all: then what is missing is fetched again and read from hand.
 */
export async function readPulled(ports: PullPorts, tree: string): Promise<GitFile[]> {
  try {
    return await readFiles(ports.store, tree, ports.limits);
  } catch (error) {
    if (!hasReason(error, 'GitObjectMissing')) throw error;
    const { clock, limits } = ports;
    return withDeadline((signal) => fetchAndRead(ports, tree, signal), { clock, wallMs: limits.wallMs });
  }
}

async function fetchAndRead(ports: PullPorts, tree: string, signal: AbortSignal): Promise<GitFile[]> {
  const { source, limits } = ports;
  const held = new HeldObjects(ports);
  const findHeld = (oid: string) => held.peek(oid);
  const context = { budget: new PullBudget(limits), objectsMax: limits.packObjectsMax, findHeld, signal };
  for (let round = 0; round < roundsMax; round++) {
    const wants = [...(await surveyBelow({ tree, held, limits }))];
    if (wants.length === 0) return readFiles(held, tree, limits);
    for (let at = 0; at < wants.length; at += wantsMax) {
      held.add(await source.fetch({ wants: wants.slice(at, at + wantsMax) }, context));
    }
  }
  throw gitFault('GitObjectMissing', {
    message: `the Git host no longer has all that tree ${tree} names`,
    subject: tree,
  });
}
