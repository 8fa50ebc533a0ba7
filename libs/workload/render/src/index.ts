export type { BoxFailure } from './box/box-failure.ts';
export { boxLimits, type BoxLimits } from './box/box-limits.ts';
export { runInBox, type BoxJob } from './box/run-in-box.ts';
export { chooseRenderer } from './choose-renderer.ts';
export type { ChartJob, ClusterCapabilities } from './helm/chart-job.ts';
export type { TemplateOutput } from './helm/split-output.ts';
export { templateChart } from './helm/template-chart.ts';
export { buildKustomization, type KustomizationJob } from './kustomize/build-kustomization.ts';
export { programVersions, type ProgramName, type Version } from './programs/program-versions.ts';
export {
  InstalledPrograms,
  type FoundProgram,
  type ProgramJob,
  type ProgramPlaces,
  type Programs,
} from './programs/programs.ts';
export { renderDigest } from './render-digest.ts';
export type { RenderFile } from './render-file.ts';
export { readPrinted } from './read-printed.ts';
export { readRendered, type ReadingOptions, type Rendered } from './read-rendered.ts';
export { renderPlain, type RenderInput } from './render-plain.ts';
export type { RenderFailure } from './render-failure.ts';
export { render, type RenderJob } from './render.ts';
export { placeVariables, type RenderPlace } from './substitute/place-variables.ts';
export { substitute, type SubstituteOptions, type SubstituteProblem } from './substitute/substitute.ts';
