import { matchesLabels } from '@flotilla/model';
import { equalValues } from '../../fields/values.ts';
import { metadataOf } from '../../objects/metadata.ts';
import { invalidValue, requiredValue, type FieldProblem } from '../../problems/field-problem.ts';
import type { JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import { checkNotNegative, checkOneOf, objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';
import { ensureObject } from '../set-missing.ts';
import { specAndStatus } from '../spec-and-status.ts';
import { checkTemplate, templateLabels } from './check-template.ts';
import { copyTemplateLabels } from './workload-defaults.ts';

const common = specAndStatus({ generationOf: ['spec'] });
const jobRestarts = { restartPolicies: ['OnFailure', 'Never'] };

export const jobRules: KindRules = {
  ...common,
  prepareCreate: (draft, tools) => {
    generateSelector(draft);
    copyTemplateLabels(draft);
    common.prepareCreate!(draft, tools);
  },
  validate: (job) => [...checkJobSpec('spec', objectAt(job, 'spec')), ...checkJobSelector(job)],
  validateUpdate: checkJobUpdate,
  orphansByDefault: true,
  warnOnDelete: (propagationPolicy) =>
    propagationPolicy === undefined
      ? [
          'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
        ]
      : [],
  fieldSelectors: {
    'status.successful': (job) => `${(objectAt(job, 'status')['succeeded'] as number | undefined) ?? 0}`,
  },
};

export const cronJobRules: KindRules = {
  ...common,
  validate: (cronJob) => {
    const spec = objectAt(cronJob, 'spec');
    const template = objectAt(spec, 'jobTemplate');
    return [
      ...checkSchedule(spec),
      ...checkOneOf('spec.concurrencyPolicy', spec['concurrencyPolicy'], ['Allow', 'Forbid', 'Replace']),
      ...checkNotNegative('spec.startingDeadlineSeconds', spec['startingDeadlineSeconds']),
      ...checkJobSpec('spec.jobTemplate.spec', objectAt(template, 'spec')),
    ];
  },
};

/** A job selects its pods by its own identity, unless it is told to select otherwise. */
function generateSelector(job: JsonDraft): void {
  const spec = ensureObject(job, 'spec');
  if (spec['manualSelector']) return;
  const { uid, name } = metadataOf(job);
  const metadata = ensureObject(ensureObject(spec, 'template'), 'metadata');
  metadata['labels'] = {
    ...metadata['labels'],
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const selector = ensureObject(spec, 'selector');
  selector['matchLabels'] = { ...selector['matchLabels'], 'batch.kubernetes.io/controller-uid': uid };
}

const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'];

function checkJobSpec(field: string, spec: JsonObject): FieldProblem[] {
  return [
    ...counts.flatMap((name) => checkNotNegative(`${field}.${name}`, spec[name])),
    ...checkTemplate(spec, { ...jobRestarts, field: `${field}.template` }),
  ];
}

function checkJobSelector(job: JsonObject): FieldProblem[] {
  const spec = objectAt(job, 'spec');
  const labels = templateLabels(spec);
  const selector = spec['selector'] as JsonObject | undefined;
  const generated = { matchLabels: { 'batch.kubernetes.io/controller-uid': metadataOf(job).uid } };
  const problems: FieldProblem[] = [];
  if (!selector) problems.push(requiredValue('spec.selector'));
  else if (!spec['manualSelector'] && !equalValues(selector, generated)) {
    problems.push(invalidValue('spec.selector', selector, '`selector` not auto-generated'));
  }
  if (selector && matchesLabels(selector, labels)) return problems;
  const value = Object.keys(labels).length > 0 ? labels : undefined;
  return [
    ...problems,
    invalidValue('spec.template.metadata.labels', value, '`selector` does not match template `labels`'),
  ];
}

function checkJobUpdate(job: JsonObject, old: JsonObject): FieldProblem[] {
  const [spec, before] = [objectAt(job, 'spec'), objectAt(old, 'spec')];
  return ['completions', 'selector', 'template', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex']
    .filter((name) => !equalValues(spec[name], before[name]))
    .map((name) => invalidValue(`spec.${name}`, spec[name], 'field is immutable'));
}

function checkSchedule(spec: JsonObject): FieldProblem[] {
  const schedule = textAt(spec, 'schedule');
  if (schedule === '') return [requiredValue('spec.schedule')];
  const fields = schedule.split(/\s+/).filter(Boolean);
  if (schedule.startsWith('@') || fields.length === 5) return [];
  const detail = `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  return [invalidValue('spec.schedule', schedule, detail)];
}
