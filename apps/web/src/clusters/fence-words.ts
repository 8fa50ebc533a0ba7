import { compareFences, fenceText, type Fence } from '@flotilla/model';

/** What a cluster shall hold, and how its agent stands to that. Nothing is noted when the two agree. */
export function fenceWords(fence: Fence, agentFence: Fence | undefined): { desired: string; note: string | undefined } {
  return { desired: fenceText(fence), note: noteOf(fence, agentFence) };
}

function noteOf(fence: Fence, agentFence: Fence | undefined): string | undefined {
  if (!agentFence) return fence.generation === 0 ? undefined : 'nothing received yet';
  const order = compareFences(agentFence, fence);
  if (order === 0) return undefined;
  const agent = `agent holds ${fenceText(agentFence)}`;
  // A database that was restored: the cluster knows more than we do, and waits for `flotilla recover`.
  return order > 0 ? `Ahead: ${agent}` : `behind: ${agent}`;
}
