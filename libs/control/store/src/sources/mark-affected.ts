import type { ApplicationDocument, DocumentChange, PipelineDocument } from '@flotilla/model';
import type { DocumentRow } from '../rows/document.row.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Marks what follows from changed documents: applications whose own document, pipeline or environment changed are
 * planned again, and the repositories they read are looked at again, because they may want paths never read before.
 */
export async function markAffected(
  transaction: Transaction,
  project: string,
  changes: readonly DocumentChange[],
  before: readonly DocumentRow[],
): Promise<void> {
  const effective = changes.filter(({ action }) => action !== 'unchanged');
  if (effective.length === 0) return;
  const touched = new Set(effective.map(({ key }) => `${key.kind}/${key.name}`));
  const after = await transaction.query<DocumentRow>(`SELECT uid, kind, name, spec FROM document WHERE project = $1`, [
    project,
  ]);
  const deleted = before.filter(({ uid }) => !after.some((row) => row.uid === uid));

  const affected = [...after, ...deleted].filter(
    (row) => row.kind === 'Application' && isAffected(row, after, touched),
  );
  transaction.mark(
    'plan',
    affected.map(({ uid }) => uid),
  );
  const read = new Set(affected.map(({ spec }) => (spec as ApplicationDocument['spec']).source.repository));
  const repositories = after.filter(
    ({ kind, name }) => kind === 'Repository' && (read.has(name) || touched.has(`Repository/${name}`)),
  );
  transaction.mark(
    'repository',
    repositories.map(({ uid }) => uid),
  );
  transaction.mark('count', [project]);
}

function isAffected(application: DocumentRow, after: readonly DocumentRow[], touched: ReadonlySet<string>): boolean {
  const { pipeline: pipelineName, source } = application.spec as ApplicationDocument['spec'];
  if (touched.has(`Application/${application.name}`) || touched.has(`Pipeline/${pipelineName}`)) return true;
  if (touched.has(`Repository/${source.repository}`)) return true;
  const pipeline = after.find(({ kind, name }) => kind === 'Pipeline' && name === pipelineName);
  const stages = (pipeline?.spec as PipelineDocument['spec'] | undefined)?.stages ?? [];
  return stages.some(({ environment }) => touched.has(`Environment/${environment}`));
}
