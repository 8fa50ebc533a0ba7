import type { DocumentView } from '@flotilla/contracts';
import { deleteDocument, reachText } from '../documents/delete-document.ts';
import { doneText } from '../documents/plan-text.ts';
import { printPlan, type PrintPlanOptions } from '../documents/print-plan.ts';
import { exitCodes } from '../exit-codes.ts';
import { application } from '../nouns/application.ts';
import { environment } from '../nouns/environment.ts';
import { requireItem } from '../nouns/find-item.ts';
import { freeze } from '../nouns/freeze.ts';
import type { Noun } from '../nouns/noun.ts';
import { nounsText } from '../nouns/nouns.ts';
import { notifier } from '../nouns/notifier.ts';
import { pipeline } from '../nouns/pipeline.ts';
import { readNamed } from '../nouns/read-subject.ts';
import { repository } from '../nouns/repository.ts';
import { outputOption } from '../output/output-option.ts';
import { askPerson } from '../program/ask-person.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';

interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly output?: PrintPlanOptions['output'];
}

const deletable: readonly Noun[] = [application, environment, pipeline, repository, freeze, notifier];

/** Deletes documents that were made by `apply`. What they ran is said first, and a person at a keyboard is asked. */
export const deleteDocuments = defineVerb<DeleteOptions>({
  examples: ['delete application checkout', 'delete pipeline/standard --dry-run', 'delete environment dev --yes'],
  declare: (command) =>
    void command
      .argument('<noun>', nounsText(deletable))
      .argument('[name...]', 'which of them')
      .option('--dry-run', 'check, and change nothing')
      .option('-y, --yes', 'do not ask')
      .addOption(outputOption('json', 'yaml', 'name')),
  complete: nounThenNames(deletable),
  run: async (session, args, { dryRun = false, yes = false, output }) => {
    const { noun, names } = readNamed(args, deletable);
    await announce(session, noun, names);
    const question = `delete ${names.map((name) => `${noun.singular}/${name}`).join(', ')}`;
    if (!dryRun && !yes && !(await askPerson(session, question))) return exitCodes.failure;
    const api = await session.api();
    for (const name of names) {
      // Each is told as soon as it is gone: whatever happens to the next, this one did.
      await printPlan(session, await deleteDocument(api, { noun, name, dryRun }), { output, text: doneText });
    }
    return exitCodes.ok;
  },
});

/** Says what goes, and tries all of it before the first is gone: a refusal shall not come half-way. */
async function announce(session: Session, noun: Noun, names: readonly string[]): Promise<void> {
  const api = await session.api();
  for (const name of names) {
    const reach = reachText((await requireItem(api, noun, name)) as DocumentView);
    await deleteDocument(api, { noun, name, dryRun: true });
    if (reach) session.note(reach);
  }
}
