export { boxLimits, runInBox, type BoxFailure, type BoxJob, type BoxLimits } from './box/run-in-box.ts';
export { renderDigest } from './render-digest.ts';
export type { RenderFile } from './render-file.ts';
export { renderPlain, type Rendered, type RenderInput } from './render-plain.ts';
export { substitute, type SubstituteOptions } from './substitute/substitute.ts';
