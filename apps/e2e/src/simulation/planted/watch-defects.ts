import type { FoundDefect } from './planted-defect.ts';

/** What can be wrong with how an agent follows what is in its cluster. */
export const watchDefects: readonly FoundDefect[] = [
  {
    defect: 'a watch that the server has forgotten is not begun anew',
    room: 'watch',
    file: 'libs/platform/kube/src/watch/watch-faults.ts',
    line: "'ResourceExpired',",
    becomes: '',
    by: 'agent',
    seed: 28,
  },
];
