export { goldenMessages, type GoldenName } from './golden-messages.ts';
export { sampleDiff, sampleDiffText } from './sample-diff.ts';
export { schemaBreaks } from './schema-breaks.ts';
