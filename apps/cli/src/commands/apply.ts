import { Option } from 'commander';
import { takenOverTools, type TakenOverTool } from '@flotilla/model';
import { printPlan, type PrintPlanOptions } from '../documents/print-plan.ts';
import { doneText } from '../documents/plan-text.ts';
import { sendDocuments } from '../documents/send-documents.ts';
import { declareFiles, type FileOptions } from '../files/declare-files.ts';
import { outputOption } from '../output/output-option.ts';
import { defineVerb } from '../program/verb.ts';

interface ApplyOptions extends FileOptions {
  readonly dryRun?: boolean;
  readonly takeOverFrom?: TakenOverTool[];
  readonly output?: PrintPlanOptions['output'];
}

/** Creates and changes documents: all of them, or none. */
export const apply = defineVerb<ApplyOptions>({
  examples: [
    'apply -f fleet/',
    'apply -f checkout.yaml --dry-run',
    'apply -f checkout.yaml --take-over-from argocd',
    'apply -f - < checkout.yaml',
  ],
  declare: (command) =>
    void declareFiles(command)
      .option('--dry-run', 'check everything, and change nothing')
      .addOption(
        new Option(
          '--take-over-from <tool...>',
          'take over the objects that these tools applied, and their fields',
        ).choices(takenOverTools),
      )
      .addOption(outputOption('json', 'yaml', 'name')),
  run: async (session, _, { dryRun = false, takeOverFrom, output, ...files }) => {
    const plan = await sendDocuments(session, files, { dryRun, takeOverFrom });
    await printPlan(session, plan, { output, text: doneText });
  },
});
