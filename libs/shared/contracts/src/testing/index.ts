export { goldenMessages, type GoldenName } from './golden-messages.ts';
export { schemaBreaks } from './schema-breaks.ts';
