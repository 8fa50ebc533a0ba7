export { ChainCheck, type ChainVerdict, type Misfit, type MisfitKind } from './chain-check.ts';
export { contentDigest, entryDigest, setDigest, sourceDigest, type SourceInputs } from './digests.ts';
export { lineHash, sealLines } from './ledger-chain.ts';
