import { counted } from '@flotilla/foundation';
import { problemItemText } from '../program/failure-text.ts';
import { checkDocuments } from '../documents/check-documents.ts';
import { exitCodes } from '../exit-codes.ts';
import { declareFiles, type FileOptions } from '../files/declare-files.ts';
import { readFiles } from '../files/read-files.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { defineVerb } from '../program/verb.ts';

interface ValidateOptions extends FileOptions {
  readonly output?: 'json' | 'yaml';
}

/** Checks documents without a control plane. Exit code 1 says that there is something to mend. */
export const validate = defineVerb<ValidateOptions>({
  tellsDifferences: true,
  examples: ['validate -f fleet/', 'validate -R -f . -o json', 'validate -f <(git show HEAD:fleet/shop.yaml)'],
  declare: (command) => void declareFiles(command).addOption(outputOption('json', 'yaml')),
  run: async (session, _, { filename, recursive = false, output }) => {
    const files = await readFiles(session.world, filename, { recursive });
    const { documents, problems, open } = checkDocuments(files);
    if (output) session.printExact(await structured({ problems, open }, output));
    else session.print(problems.map((problem) => `${problemItemText(problem)}\n`).join(''));
    for (const reference of open) session.note(`${problemItemText(reference)} among these files; plan asks further`);
    const found = problems.length === 0 ? 'nothing to mend' : `${problems.length} to mend`;
    const read = `${counted(documents.length, 'document')} in ${counted(files.length, 'file')} read`;
    session.note(`${read}; ${found}`);
    return problems.length === 0 ? exitCodes.ok : exitCodes.failure;
  },
});
