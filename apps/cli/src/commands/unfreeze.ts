import { deleteDocument } from '../documents/delete-document.ts';
import { doneText } from '../documents/plan-text.ts';
import { printPlan, type PrintPlanOptions } from '../documents/print-plan.ts';
import { requireItem } from '../nouns/find-item.ts';
import { freeze } from '../nouns/freeze.ts';
import { outputOption } from '../output/output-option.ts';
import { defineVerb } from '../program/verb.ts';

/** Lifts freezes: their targets get what waits for them. One that Git owns is lifted by a commit, and says so. */
export const unfreeze = defineVerb<{ readonly dryRun?: boolean; readonly output?: PrintPlanOptions['output'] }>({
  examples: ['unfreeze incident-42', 'unfreeze year-end payments'],
  declare: (command) =>
    void command
      .argument('<name...>', 'which freezes')
      .option('--dry-run', 'say what it is about, and change nothing')
      .addOption(outputOption('json', 'yaml', 'name')),
  run: async (session, names, { dryRun = false, output }) => {
    const api = await session.api();
    for (const name of names) await requireItem(api, freeze, name);
    for (const name of names) {
      await printPlan(session, await deleteDocument(api, { noun: freeze, name, dryRun }), {
        output,
        text: doneText,
      });
    }
  },
});
