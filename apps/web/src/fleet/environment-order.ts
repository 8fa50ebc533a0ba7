import type { DocumentView } from '@flotilla/contracts';

/**
 * Environments in the order in which a release walks through them, by the stages of the pipelines; what is in no
 * pipeline comes last, by name. Documents are shown, never trusted: a stage that cannot be read is passed over.
 */
export function environmentOrder(documents: readonly DocumentView[], alsoSeen: Iterable<string>): readonly string[] {
  const pipelines = documents.filter(({ kind }) => kind === 'Pipeline').toSorted(byLength);
  const authored = documents.filter(({ kind }) => kind === 'Environment').map(({ metadata }) => metadata.name);
  const rest = [...authored, ...alsoSeen].toSorted();
  return [...new Set([...pipelines.flatMap(stageEnvironments), ...rest])];
}

/** The longest pipeline decides first: it says most about the order. */
function byLength(left: DocumentView, right: DocumentView): number {
  return (
    stageEnvironments(right).length - stageEnvironments(left).length ||
    left.metadata.name.localeCompare(right.metadata.name)
  );
}

function stageEnvironments({ spec }: DocumentView): readonly string[] {
  const stages: readonly unknown[] = Array.isArray(spec['stages']) ? spec['stages'] : [];
  return stages.flatMap((stage) => {
    const { environment } = (stage ?? {}) as { readonly environment?: unknown };
    return typeof environment === 'string' ? [environment] : [];
  });
}
