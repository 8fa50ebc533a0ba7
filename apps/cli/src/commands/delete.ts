import { operations, type DocumentPlanView, type DocumentView, type OperationCall } from '@flotilla/contracts';
import type { ApplicationDocument } from '@flotilla/model';
import type { Api } from '../api.ts';
import { printPlan, type PrintPlanOptions } from '../documents/print-plan.ts';
import { exitCodes } from '../exit-codes.ts';
import { doneText } from '../documents/plan-text.ts';
import { application } from '../nouns/application.ts';
import { environment } from '../nouns/environment.ts';
import { requireItem } from '../nouns/find-item.ts';
import type { Noun } from '../nouns/noun.ts';
import { pipeline } from '../nouns/pipeline.ts';
import { readNamed } from '../nouns/read-subject.ts';
import { repository } from '../nouns/repository.ts';
import { counted } from '../output/counted.ts';
import { outputOption } from '../output/output-option.ts';
import { askPerson, declined } from '../program/ask-person.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';

interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly output?: PrintPlanOptions['output'];
}

const deletable: readonly Noun[] = [application, environment, pipeline, repository];

/** Deletes documents that were made by `apply`. What they ran is said first, and a person at a keyboard is asked. */
export const deleteDocuments = defineVerb<DeleteOptions>({
  examples: ['delete application checkout', 'delete pipeline/standard --dry-run', 'delete environment dev --yes'],
  declare: (command) =>
    void command
      .argument('<noun>')
      .argument('[name...]')
      .option('--dry-run', 'check, and change nothing')
      .option('-y, --yes', 'do not ask')
      .addOption(outputOption('json', 'yaml', 'name')),
  complete: nounThenNames(deletable),
  run: async (session, args, { dryRun = false, yes = false, output }) => {
    const { noun, names } = readNamed(args, deletable);
    const api = await session.api();
    for (const name of names) session.note(reachText((await requireItem(api, noun, name)) as DocumentView));
    // All of them are tried before the first is gone: a refusal shall not come half-way.
    const plan = await deleteAll(api, { noun, names, dryRun: true });
    const question = `delete ${names.map((name) => `${noun.singular}/${name}`).join(', ')}`;
    if (!dryRun && !yes && !(await askPerson(session, question))) return declined;
    const done = dryRun ? plan : await deleteAll(api, { noun, names, dryRun });
    await printPlan(session, done, { output, text: doneText });
    return exitCodes.ok;
  },
});

async function deleteAll(
  { client, project }: Api,
  { noun, names, dryRun }: { readonly noun: Noun; readonly names: readonly string[]; readonly dryRun: boolean },
): Promise<DocumentPlanView> {
  const plural = noun.plural as OperationCall<typeof operations.deleteDocument>['params']['plural'];
  const changes: DocumentPlanView['changes'] = [];
  for (const name of names) {
    const call = { params: { project, plural, name }, query: { dryRun: dryRun ? 'true' : 'false' } };
    changes.push(...(await client.call(operations.deleteDocument, call)).changes);
  }
  return { changes, dryRun };
}

/** What a document reaches today: the targets that it makes, and what becomes of what they run. */
function reachText({ kind, metadata, spec, status }: DocumentView): string {
  const title = `${kind.toLowerCase()}/${metadata.name}`;
  const total = status.counts?.total;
  if (total === undefined) return `${title} makes no targets of its own`;
  const targets = `${title} has ${counted(total, 'target')}`;
  if (kind !== 'Application' || total === 0) return targets;
  const { onRemove } = (spec as ApplicationDocument['spec']).sync;
  const fate = onRemove === 'delete' ? 'their objects are deleted in the clusters' : 'their objects stay, and run on';
  return `${targets}: ${fate}`;
}
