import type { TakenOverTool } from '@flotilla/model';
import { readDocuments } from '@flotilla/workload-manifests';
import type { TextFile } from '../files/read-files.ts';

/**
 * The same files, in which every Application takes its objects over from these tools. A file that holds none stays as it
 * is written; what was wrong with the others was told before.
 */
export function takingOver(files: readonly TextFile[], tools: readonly TakenOverTool[]): TextFile[] {
  return files.map((file) => {
    const { documents } = readDocuments([file]);
    if (!documents.some(({ document }) => document.kind === 'Application')) return file;
    const texts = documents.map(({ source, document }) =>
      JSON.stringify(document.kind === 'Application' ? withTools(source.value, tools) : source.value),
    );
    return { ...file, text: texts.join('\n---\n') };
  });
}

function withTools(value: unknown, tools: readonly TakenOverTool[]): unknown {
  const application = value as { readonly spec: { readonly sync?: object } };
  const sync = { ...application.spec.sync, takeOverFrom: tools };
  return { ...application, spec: { ...application.spec, sync } };
}
