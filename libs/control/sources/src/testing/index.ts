export { shopDocuments, type ShopOptions } from './documents.ts';
export { InMemoryCredentials } from './in-memory-credentials.ts';
export { InMemoryDocuments, type Mark } from './in-memory-documents.ts';
export { InMemoryGitHost } from './in-memory-git-host.ts';
export { InMemoryRepairs } from './in-memory-repairs.ts';
export { InMemoryRepositories } from './in-memory-repositories.ts';
export { InMemoryRevisions } from './in-memory-revisions.ts';
export { sourcesCases, type SourcesCase, type SourcesWorld } from './sources-cases.ts';
