import type { FoundDefect } from './planted-defect.ts';

/** What can be wrong with how an agent follows what is in its cluster. */
export const watchDefects: readonly FoundDefect[] = [];
