import { applyConflictCases } from './cases/apply-conflicts.ts';
import { applyListCases } from './cases/apply-lists.ts';
import { applyOptionCases } from './cases/apply-options.ts';
import { applyOwnershipCases } from './cases/apply-ownership.ts';
import { creatingCases } from './cases/creating.ts';
import { customCases } from './cases/custom.ts';
import { defaultCases } from './cases/defaults.ts';
import { deletingCases } from './cases/deleting.ts';
import { discoveryCases } from './cases/discovery.ts';
import { namespaceCases } from './cases/namespaces.ts';
import { patchingCases } from './cases/patching.ts';
import { readingCases } from './cases/reading.ts';
import { refusingCases } from './cases/refusing.ts';
import { replacingCases } from './cases/replacing.ts';
import { subresourceCases } from './cases/subresources.ts';
import { validatingCases } from './cases/validating.ts';
import { watchingCases } from './cases/watching.ts';
import type { ConformanceCase } from './conformance-case.ts';

/**
 * Everything that kubesim promises to do as a real kube-apiserver does. The same cases run against both, and where
 * they differ, kubesim is wrong.
 */
export const conformanceCases: readonly ConformanceCase[] = [
  ...discoveryCases,
  ...readingCases,
  ...creatingCases,
  ...replacingCases,
  ...patchingCases,
  ...deletingCases,
  ...watchingCases,
  ...subresourceCases,
  ...namespaceCases,
  ...defaultCases,
  ...validatingCases,
  ...refusingCases,
  ...applyOwnershipCases,
  ...applyConflictCases,
  ...applyListCases,
  ...applyOptionCases,
  ...customCases,
];
