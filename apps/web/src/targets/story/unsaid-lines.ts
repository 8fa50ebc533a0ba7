import type { ExplanationView, TargetStoryView } from '@flotilla/contracts';

/**
 * The lines of an explanation without what the top of the story says in large letters already: its reason, and who
 * suspended it. A line that would have nothing left to add is left out.
 */
export function unsaidLines({ spec, status, explanation }: TargetStoryView): readonly ExplanationView[] {
  const said = new Set<string>();
  if (status.reason) said.add(`${status.reason.code}: ${status.reason.message}`);
  if (spec.suspended) said.add(`${spec.suspended.by}: ${spec.suspended.reason}`);
  return explanation.flatMap((line) => {
    if (line.blockedBy === undefined || !said.has(line.blockedBy)) return [line];
    const { blockedBy: _, ...rest } = line;
    return rest.whoCanAct || rest.nextTry ? [rest] : [];
  });
}
