import type { JsonDraft } from '../../schema/schema-type.ts';
import type { DefaultsTable } from '../defaults-table.ts';
import { ensureObject, setMissing } from '../set-missing.ts';

/** An older count of a daemon set's template changes, which lives on in an annotation. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

export const workloadDefaults: DefaultsTable = {
  'apps.v1.Deployment': (deployment) => {
    const spec = ensureObject(deployment, 'spec');
    setMissing(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    const strategy = ensureObject(spec, 'strategy');
    setMissing(strategy, { type: 'RollingUpdate' });
    if (strategy['type'] === 'RollingUpdate') {
      setMissing(ensureObject(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
    }
  },
  'apps.v1.ReplicaSet': (replicaSet) => setMissing(ensureObject(replicaSet, 'spec'), { replicas: 1 }),
  'apps.v1.StatefulSet': (statefulSet) => {
    const spec = ensureObject(statefulSet, 'spec');
    setMissing(spec, { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 });
    const strategy = ensureObject(spec, 'updateStrategy');
    if (!strategy['type']) {
      strategy['type'] = 'RollingUpdate';
      strategy['rollingUpdate'] ??= {};
    }
    if (strategy['type'] === 'RollingUpdate' && strategy['rollingUpdate']) strategy['rollingUpdate'].partition ??= 0;
    setMissing(ensureObject(spec, 'persistentVolumeClaimRetentionPolicy'), {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
    for (const claim of (spec['volumeClaimTemplates'] ?? []) as JsonDraft[]) {
      claim['apiVersion'] = 'v1';
      claim['kind'] = 'PersistentVolumeClaim';
    }
  },
  'apps.v1.DaemonSet': (daemonSet) => {
    setMissing(ensureObject(ensureObject(daemonSet, 'metadata'), 'annotations'), { [templateGeneration]: '0' });
    const spec = ensureObject(daemonSet, 'spec');
    setMissing(spec, { revisionHistoryLimit: 10 });
    const strategy = ensureObject(spec, 'updateStrategy');
    setMissing(strategy, { type: 'RollingUpdate' });
    if (strategy['type'] === 'RollingUpdate') {
      setMissing(ensureObject(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 });
    }
  },
  'batch.v1.Job': defaultJob,
  'batch.v1.CronJob': (cronJob) => {
    setMissing(ensureObject(cronJob, 'spec'), {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
  },
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': (pattern) => setMissing(pattern, { status: 'True' }),
};

function defaultJob(job: JsonDraft): void {
  const spec = ensureObject(job, 'spec');
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  setMissing(spec, {
    parallelism: 1,
    backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : 2 ** 31 - 1,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec['podFailurePolicy'] ? 'Failed' : 'TerminatingOrFailed',
    manualSelector: false,
  });
  copyTemplateLabels(job);
}

/** A job without labels of its own shows those of its pods. */
export function copyTemplateLabels(job: JsonDraft): void {
  const metadata = ensureObject(job, 'metadata');
  const labels = job['spec']?.template?.metadata?.labels as object | undefined;
  if (labels && Object.keys(metadata['labels'] ?? {}).length === 0) metadata['labels'] = { ...labels };
}
