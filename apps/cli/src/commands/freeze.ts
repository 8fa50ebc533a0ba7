import { InvalidArgumentError, Option } from 'commander';
import { operations } from '@flotilla/contracts';
import { isoTime, parseDuration } from '@flotilla/foundation';
import { documentApiVersion, freezeScopes, parseSelector, untilLifted, type FreezeDocument } from '@flotilla/model';
import { sendOrder } from '../api.ts';
import { doneText } from '../documents/plan-text.ts';
import { printPlan, type PrintPlanOptions } from '../documents/print-plan.ts';
import { outputOption } from '../output/output-option.ts';
import { defineVerb } from '../program/verb.ts';

interface FreezeOptions {
  readonly application?: string[];
  readonly environment?: string[];
  readonly selector?: FreezeDocument['spec']['clusters'];
  readonly scope: FreezeDocument['spec']['scope'];
  readonly reason: string;
  readonly until: string;
  readonly dryRun?: boolean;
  readonly output?: PrintPlanOptions['output'];
}

/** Lets nobody deploy until it ends: a Freeze document, as `apply` would bring it. */
export const freeze = defineVerb<FreezeOptions>({
  examples: [
    'freeze incident-42 --environment production --reason "incident 42" --until 4h',
    'freeze year-end -l stage=production --reason "holidays" --until 2027-01-04T08:00:00Z',
    'freeze payments --application payments --scope all --reason "audit" --until lifted',
    'freeze incident-42 --environment production --reason "incident 42" --until 4h --dry-run',
  ],
  declare: (command) =>
    void command
      .argument('<name>', 'what the freeze is called')
      .option('--application <name>', 'only these applications; repeatable, with * and ?', gathered)
      .option('--environment <name>', 'only in these environments; repeatable, with * and ?', gathered)
      .option('-l, --selector <labels>', "only on clusters with these labels, in kubectl's grammar", readSelector)
      .addOption(new Option('--scope <scope>', 'what it stops').choices(freezeScopes).default('deploys'))
      .requiredOption('--reason <text>', 'why, for whoever finds it frozen')
      .requiredOption('--until <when>', 'a duration such as 4h, a time, or `lifted`')
      .option('--dry-run', 'say what it would hold, and change nothing')
      .addOption(outputOption('json', 'yaml', 'name')),
  run: async (session, [name = ''], { output, dryRun = false, ...options }) => {
    const api = await session.api();
    const document = freezeDocument(name, api.project, { options, now: session.now() });
    const files = [{ file: `freeze ${name}`, text: JSON.stringify(document) }];
    const params = { project: api.project };
    const plan = await sendOrder(api, operations.applyDocuments, { params, body: { files, dryRun } });
    await printPlan(session, plan, { output, text: doneText });
    if (dryRun) return;
    session.note(
      `who keeps it: flotilla get freezes; wait for all of them: flotilla wait freeze/${name} --for acknowledged`,
    );
  },
});

interface Given {
  readonly options: Omit<FreezeOptions, 'output' | 'dryRun'>;
  readonly now: number;
}

function freezeDocument(name: string, project: string, { options, now }: Given): object {
  const { application, environment, selector, scope, reason, until } = options;
  const spec = {
    ...(application && { applications: application }),
    ...(environment && { environments: environment }),
    ...(selector && { clusters: selector }),
    scope,
    reason,
    until: endOf(until, now),
  };
  return { apiVersion: documentApiVersion, kind: 'Freeze', metadata: { name, project }, spec };
}

/** A duration counts from now; what is none is a time, or the word for no end, and is checked as the document is. */
function endOf(until: string, now: number): string {
  const spanMs = until === untilLifted ? undefined : parseDuration(until);
  return spanMs === undefined ? until : isoTime(now + spanMs);
}

function gathered(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** kubectl's grammar as a selector of a document. Numbers are compared by no document. */
function readSelector(text: string): NonNullable<FreezeDocument['spec']['clusters']> {
  const read = parseSelector(text);
  if (!read.ok) throw new InvalidArgumentError(read.reason);
  const expressions = read.value.map(({ key, operator, values = [] }) => {
    if (operator === 'Gt' || operator === 'Lt') throw new InvalidArgumentError('> and < are not for freezes.');
    return { key, operator, ...(values.length > 0 && { values: [...values] }) };
  });
  return { matchExpressions: expressions };
}
