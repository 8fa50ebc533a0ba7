import { measureGit } from '@flotilla/testing';
import { beside, rounded, type Bench } from './figure.ts';

const sizes = [100, 1_000, 10_000];
const changes = 15;

/** What one change costs at the agent's sockets, whatever the size of the repository, beside `git fetch` itself. */
export const gitBench: Bench = {
  name: 'git',
  about: 'bytes and time of one change, at 100, 1,000 and 10,000 applications, beside git fetch',
  run: async (tell) => {
    for (const applications of sizes) {
      const figures = await measureGit({ applications, filesEach: 4, changes });
      const conditions = `${applications} applications x 4 files, one-line change, median of ${changes}, HTTP headers included`;
      tell({
        metric: `bytesPerChange${applications}`,
        unit: 'bytes',
        ...beside(figures.bytesPerChange, figures.gitFetchBytes),
        conditions: `${conditions}; floor: git fetch --depth=1`,
      });
      tell({ metric: 'firstPullBytes', value: rounded(figures.firstPullBytes, 0), unit: 'bytes', conditions });
      tell({
        metric: 'pushToFilesMs',
        unit: 'ms',
        ...beside(figures.pushToFilesMs, figures.gitFetchMs),
        conditions: `${conditions}; floor: git fetch --depth=1`,
      });
    }
  },
};
