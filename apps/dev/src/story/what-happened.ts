import { operations, type RepairView } from '@flotilla/contracts';
import type { FlotillaClient } from '@flotilla/client';
import { defaultProject } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { stagedApplication as application } from '../seed-files.ts';

const params = { project: defaultProject };

/** Waits until a commit's release is known before production: a person would type no faster. */
export async function awaitRelease(client: FlotillaClient, commit: string): Promise<void> {
  const query = { application, environment: 'production' };
  const stands = async () => {
    const { items } = await client.call(operations.listStages, { params, query });
    return items.some(({ status }) => status.candidates.some(({ revision }) => revision === commit));
  };
  await until(stands, { what: `the release of ${commit.slice(0, 8)}`, timeoutMs: 30_000, intervalMs: 50 });
}

export interface WayBack {
  /** All that the application has: Git may have taken some of them over from the rollback by the time that it is asked. */
  readonly targets: number;
  /** From the order to the last target that was well again, by the control plane's own record. */
  readonly ms: number;
}

export async function wayBackOf(client: FlotillaClient, rollback: string): Promise<WayBack> {
  const { metadata } = await client.call(operations.getRollback, { params: { ...params, uid: rollback } });
  const targets = await client.call(operations.listTargets, { params, query: { application } });
  const { items } = await client.call(operations.listRollouts, { params, query: { application } });
  const ends = items.filter(({ spec }) => spec.rollback === rollback).map((item) => item.status.finishedAt ?? '');
  return { targets: targets.items.length, ms: Math.max(...ends.map(Date.parse)) - Date.parse(metadata.createdAt) };
}

/** Waits for the commit that was pushed to take back in Git what a rollback took back in the clusters. */
export async function awaitRepair(client: FlotillaClient, rollback: string): Promise<string> {
  let last: RepairView | undefined;
  const pushed = async () => {
    const { items } = await client.call(operations.listRepairs, { params });
    last = items.find(({ spec }) => spec.rollback === rollback);
    return last?.status.revert;
  };
  return until(pushed, { what: 'the repair', timeoutMs: 60_000, intervalMs: 100 }).catch((error: unknown) => {
    const { state = 'not there', reason } = last?.status ?? {};
    const why = reason ? `: ${reason.message}` : '';
    throw new Error(`Git is not repaired; its repair is ${state}${why}`, { cause: error });
  });
}
