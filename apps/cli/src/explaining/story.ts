import type { ExplanationView, RolloutCourseView, StageView, TargetStoryView } from '@flotilla/contracts';
import { gateText } from '@flotilla/model';

/** Why one thing is as it is, as programs read it: which thing, and each line of the answer. */
export interface Story {
  readonly noun: 'target' | 'rollout' | 'stage' | 'rollback' | 'repair';
  readonly name: string;
  readonly explanation: readonly ExplanationView[];
}

export function targetStory({ metadata, explanation }: TargetStoryView): Story {
  return { noun: 'target', name: metadata.name, explanation };
}

export function rolloutStoryOf({ spec, explanation = [] }: RolloutCourseView): Story {
  return { noun: 'rollout', name: `${spec.application}.${spec.environment}`, explanation };
}

/** Each gate that a release waits for is a line of its own. */
export function stageStory({ metadata, spec, status }: StageView): Story {
  const explanation = status.candidates.flatMap(({ revision, state, waits }) =>
    waits.map(({ gate, ...wait }) => ({ state: gateText(spec.environment, { revision, state, gate }), ...wait })),
  );
  return { noun: 'stage', name: metadata.name, explanation };
}
