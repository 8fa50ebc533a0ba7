import { conditionsOf, sentenceOf } from '../conditions.ts';
import { numberAt, valueAt } from '../facts.ts';
import { degraded, healthy, progressing, suspended, type HealthRule } from '../health.ts';

export const jobHealth: HealthRule = (job) => {
  const met = conditionsOf(job).filter(({ status }) => status === 'True');
  const failed = met.find(({ type }) => type === 'Failed');
  if (failed) return degraded(failed.reason || 'Failed', sentenceOf(failed));
  if (met.some(({ type }) => type === 'Complete')) return healthy;
  const paused = met.find(({ type }) => type === 'Suspended');
  if (paused || valueAt(job, 'spec', 'suspend') === true) return suspended('Suspended', 'the job is suspended');
  const active = numberAt(job, 'status', 'active') ?? 0;
  return progressing('Running', active > 0 ? `${active} pods are running` : 'the job has not finished yet');
};
