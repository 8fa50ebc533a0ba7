export { contentDigest, entryDigest, setDigest, sourceDigest, type SourceInputs } from './digests.ts';
