import type { ExplanationView, RolloutCourseView, StageView, TargetStoryView } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';

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
    waits.map(({ gate, ...wait }) => {
      const verb = state === 'Skipped' ? 'never enters' : 'waits before';
      return { state: `${shortCommit(revision)} ${verb} ${spec.environment}: ${gate}`, ...wait };
    }),
  );
  return { noun: 'stage', name: metadata.name, explanation };
}
