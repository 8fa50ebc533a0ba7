import type { FieldProblem } from './check-templates.ts';
import type { Stage, Track } from './stage.ts';

type Stages = readonly Stage[];

/**
 * What is wrong with stages that are well formed one by one: who has two masters or none, follows itself, or could never
 * be reached because no release passes all that it follows.
 */
export function stageProblems(stages: Stages): FieldProblem[] {
  const own = stages.flatMap((stage, index) => [
    ...repeated(stages, index),
    ...masterless(stage, index),
    ...unrecorded(stage, index),
    ...unknownOnes(stages, index),
  ]);
  if (own.length > 0) return own;
  return stages.flatMap((_, index) => [
    ...circular(stages, index),
    ...divided(stages, index),
    ...looping(stages, index),
  ]);
}

/** What a stage gets its releases from in the end: what the first of those tracks that it follows, however far back. */
export function trackBehind(stages: Stages, environment: string): Track | undefined {
  return tracksBehind(stages, environment)[0];
}

/** Every stage that comes before this one, nearest first. */
export function stagesBehind(stages: Stages, environment: string): string[] {
  const behind = new Set<string>(stageOf(stages, environment)?.after);
  for (const each of behind) for (const before of stageOf(stages, each)?.after ?? []) behind.add(before);
  return [...behind];
}

function tracksBehind(stages: Stages, environment: string): Track[] {
  return [environment, ...stagesBehind(stages, environment)].flatMap((each) => stageOf(stages, each)?.track ?? []);
}

function stageOf(stages: Stages, environment: string): Stage | undefined {
  return stages.find((stage) => stage.environment === environment);
}

function repeated(stages: Stages, index: number): FieldProblem[] {
  const { environment } = stages[index]!;
  if (stages.findIndex((stage) => stage.environment === environment) === index) return [];
  const message = `environment ${environment} already has a stage in this pipeline`;
  return [{ path: [index, 'environment'], message }];
}

function masterless({ track, after, promote, gates, mode, record }: Stage, index: number): FieldProblem[] {
  if (track && after) {
    return [{ path: [index, 'after'], message: 'a stage that tracks Git follows no other; keep one of the two' }];
  }
  if (!track && !after) {
    return [{ path: [index], message: 'must say what it tracks in Git, or after which environments it comes' }];
  }
  const idle = Object.entries({ promote, gates, mode, record }).filter(([, value]) => track && value !== undefined);
  return idle.map(([field]) => ({ path: [index, field], message: 'is for a stage that comes after another' }));
}

/** What is written down would be a new commit of what is followed: a release of it, which is written down, and so on. */
function looping(stages: Stages, index: number): FieldProblem[] {
  const { record, environment } = stages[index]!;
  const tracked = tracksBehind(stages, environment);
  const isTracked = tracked.some(
    ({ repository, branch }) => repository === record?.repository && branch === record.branch,
  );
  if (!isTracked) return [];
  const message = 'is what this pipeline tracks; a record is written to another branch or repository';
  return [{ path: [index, 'record', 'branch'], message }];
}

/** A stage that pins writes down what enters it, and no other does. */
function unrecorded({ mode, record }: Stage, index: number): FieldProblem[] {
  if ((mode === 'pin') === (record !== undefined)) return [];
  return mode === 'pin'
    ? [{ path: [index, 'mode'], message: 'pin needs `record`: the repository and branch to write to' }]
    : [{ path: [index, 'record'], message: 'is for a stage with `mode: pin`' }];
}

function unknownOnes(stages: Stages, index: number): FieldProblem[] {
  const { after = [] } = stages[index]!;
  return after.flatMap((environment, place) => {
    const path = [index, 'after', place];
    if (!stageOf(stages, environment)) return [{ path, message: `no stage of this pipeline is for ${environment}` }];
    return after.indexOf(environment) < place ? [{ path, message: `${environment} is named twice` }] : [];
  });
}

/** A circle that a stage is only led into is told of those that are in it. */
function circular(stages: Stages, index: number): FieldProblem[] {
  const { environment } = stages[index]!;
  if (!stagesBehind(stages, environment).includes(environment)) return [];
  return [{ path: [index, 'after'], message: `${environment} comes after itself; no release could ever enter` }];
}

function divided(stages: Stages, index: number): FieldProblem[] {
  const { environment, after } = stages[index]!;
  const tracked = new Set(tracksBehind(stages, environment).map(trackText));
  if (!after || tracked.size <= 1) return [];
  const message = `comes after stages that track ${[...tracked].join(' and ')}; no release could pass all of them`;
  return [{ path: [index, 'after'], message }];
}

function trackText({ repository, branch, tag }: Track): string {
  return branch === undefined ? `tag ${tag} of ${repository}` : `${branch} of ${repository}`;
}
