import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createIds, every, systemClock, systemRandom, type Running } from '@flotilla/foundation';
import { KubeSim, serveKubeSim, startControllers } from '@flotilla/kubesim';

/** One simulated cluster that this process is to serve. */
export interface SimulatedCluster {
  readonly name: string;
  readonly port: number;
  readonly token: string;
}

const snapshotMs = 2_000;

/**
 * A process that serves simulated clusters, each on a port of its own. They are written to disk every few seconds and
 * at the end, so that a second start goes on with what ran.
 */
async function main(): Promise<void> {
  const clusters = JSON.parse(process.env.SIMULATED_CLUSTERS ?? '[]') as SimulatedCluster[];
  const folder = process.env.SNAPSHOT_DIRECTORY ?? '.';
  await mkdir(folder, { recursive: true });
  const served = await Promise.all(clusters.map((cluster) => serve(cluster, folder)));
  process.stdout.write(`serving ${clusters.length} simulated clusters\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await Promise.all(served.map((cluster) => cluster.stop()));
  process.exit(0);
}

async function serve({ name, port, token }: SimulatedCluster, folder: string): Promise<Running> {
  const sim = new KubeSim({ clock: systemClock, ids: createIds() });
  const file = join(folder, `${name}.json`);
  if (existsSync(file)) sim.restore(JSON.parse(await readFile(file, 'utf8')));
  const server = await serveKubeSim(sim, { port, tokens: [token] });
  const controllers = startControllers(sim, { clock: systemClock, random: systemRandom });
  let saved = 0;
  const save = async () => {
    const snapshot = sim.snapshot();
    // Every write moves the revision, so a cluster at rest costs nothing.
    if (snapshot.revision === saved) return;
    // Written beside and moved over, so that a cut-off write never replaces a good one.
    await writeFile(`${file}.new`, JSON.stringify(snapshot));
    await rename(`${file}.new`, file);
    saved = snapshot.revision;
  };
  const onError = (error: unknown) => void process.stderr.write(`${name}: cannot be saved: ${String(error)}\n`);
  const saving = every({ clock: systemClock, intervalMs: snapshotMs, run: save, onError });
  return {
    stop: async () => {
      await controllers.stop();
      await saving.stop();
      await save();
      await server.close();
    },
  };
}

await main();
