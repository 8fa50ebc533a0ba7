import { printPlan, type PrintPlanOptions } from '../documents/print-plan.ts';
import { planSummary, planText } from '../documents/plan-text.ts';
import { sendDocuments } from '../documents/send-documents.ts';
import { exitCodes } from '../exit-codes.ts';
import { declareFiles, type FileOptions } from '../files/declare-files.ts';
import { outputOption } from '../output/output-option.ts';
import { defineVerb } from '../program/verb.ts';

interface PlanOptions extends FileOptions {
  readonly output?: PrintPlanOptions['output'];
}

/** Says what apply would change, field by field. Exit code 1 says that it would. */
export const plan = defineVerb<PlanOptions>({
  tellsDifferences: true,
  examples: ['plan -f fleet/', 'plan -f checkout.yaml -o json', 'plan -R -f teams/ --project shop'],
  declare: (command) => void declareFiles(command).addOption(outputOption('json', 'yaml', 'name')),
  run: async (session, _, { output, ...files }) => {
    const planned = await sendDocuments(session, files, { dryRun: true });
    await printPlan(session, planned, { output, text: ({ changes }) => planText(changes, session.tones) });
    session.note(`plan: ${planSummary(planned.changes) || 'nothing to do'}`);
    return planned.changes.every(({ action }) => action === 'unchanged') ? exitCodes.ok : exitCodes.failure;
  },
});
