import { printPlan, type PrintPlanOptions } from '../documents/print-plan.ts';
import { doneText } from '../documents/plan-text.ts';
import { sendDocuments } from '../documents/send-documents.ts';
import { declareFiles, type FileOptions } from '../files/declare-files.ts';
import { outputOption } from '../output/output-option.ts';
import { defineVerb } from '../program/verb.ts';

interface ApplyOptions extends FileOptions {
  readonly dryRun?: boolean;
  readonly output?: PrintPlanOptions['output'];
}

/** Creates and changes documents: all of them, or none. */
export const apply = defineVerb<ApplyOptions>({
  examples: ['apply -f fleet/', 'apply -f checkout.yaml --dry-run', 'apply -f - < checkout.yaml'],
  declare: (command) =>
    void declareFiles(command)
      .option('--dry-run', 'check everything, and change nothing')
      .addOption(outputOption('json', 'yaml', 'name')),
  run: async (session, _, { dryRun = false, output, ...files }) => {
    const plan = await sendDocuments(session, files, { dryRun });
    await printPlan(session, plan, { output, text: doneText });
  },
});
