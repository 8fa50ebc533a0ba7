import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { SeedRange, SeedsRun } from '../run-seeds.ts';
import { plant } from './plant.ts';
import type { PlantedDefect } from './planted-defect.ts';

interface Search {
  readonly defect: PlantedDefect;
  readonly range: SeedRange;
}

if (!isMainThread && isSearch(workerData)) {
  plant(workerData.defect);
  // Only now: what is imported before is loaded as it stands.
  const { runSeeds } = await import('../run-seeds.ts');
  // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
  parentPort!.postMessage(await runSeeds(workerData.range));
  // A defect may leave work behind that would keep the thread alive.
  process.exit();
}

/** Runs seeds over a product with this defect in it, in a thread of its own. */
export function searchSeeds(defect: PlantedDefect, range: SeedRange): Promise<SeedsRun> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { search: true, defect, range },
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function isSearch(data: unknown): data is Search {
  return (data as { search?: boolean } | null)?.search === true;
}
