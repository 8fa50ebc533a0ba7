import { Fault } from '@flotilla/foundation';
import type { DataDirectory } from './data-directory.ts';
import type { DemoOptions } from './options.ts';

/** What the folder's fleet is made of, from its first start on. */
export interface Fleet {
  readonly kind: 'simulated' | 'real';
  readonly clusters: number;
}

const clustersDefault = 6;

/** A fleet keeps its clusters: those that were left out at another start would only look lost. */
export async function keptFleet(data: DataDirectory, { clusters, real }: DemoOptions): Promise<Fleet> {
  const isReal = real.length > 0;
  const asked: Fleet = isReal
    ? { kind: 'real', clusters: real.length }
    : { kind: 'simulated', clusters: clusters ?? clustersDefault };
  const kept = await data.kept('fleet', () => asked);
  const differs = kept.kind !== asked.kind || ((isReal || clusters !== undefined) && kept.clusters !== asked.clusters);
  if (!differs) return kept;
  const message = `the fleet in ${data.path} has ${kept.clusters} ${kept.kind} clusters; for another one give another folder with --data DIR`;
  throw new Fault({ code: 'invalid', reason: 'FleetDiffers', message });
}
