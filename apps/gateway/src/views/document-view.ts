import type { CountsView, DocumentPlanView, DocumentView } from '@flotilla/contracts';
import type { DocumentRecord } from '@flotilla/control-sources';
import { canonicalJson } from '@flotilla/foundation';
import type { BlastRadius, DocumentPlan, FleetDocument, OwnedDocument } from '@flotilla/model';
import { documentId, keyOfDocument } from '@flotilla/model';
import { wireTime } from './metadata.ts';

export interface DocumentExtras {
  readonly counts?: CountsView;
  readonly clusters?: number;
}

export function documentView(record: DocumentRecord, extras: DocumentExtras = {}): DocumentView {
  const { document, problem, refs, freeze } = record;
  const { name, project, labels } = document.metadata;
  return {
    apiVersion: document.apiVersion,
    kind: document.kind,
    metadata: {
      uid: record.uid,
      name,
      project,
      createdAt: wireTime(record.createdAt),
      ...(labels && { labels }),
      generation: record.generation,
      owner: record.owner,
    },
    spec: document.spec,
    status: {
      ...(problem && { problem }),
      ...(refs && { refs: refs.map(({ seenAt, ...ref }) => ({ ...ref, seenAt: wireTime(seenAt) })) }),
      ...(freeze && { freeze }),
      ...extras,
    },
  };
}

/** What a plan is shown with. */
export interface PlanContext {
  readonly current: readonly OwnedDocument[];
  readonly dryRun: boolean;
  /** What the freezes are about that come, change or go, by their names. */
  readonly blast: ReadonlyMap<string, BlastRadius>;
}

/** What a plan does, change by change, with the fields that differ. */
export function planView(plan: DocumentPlan, { current, dryRun, blast }: PlanContext): DocumentPlanView {
  const stored = new Map(current.map(({ document }) => [documentId(keyOfDocument(document)), document]));
  return {
    dryRun,
    changes: plan.changes.map(({ action, key, document }) => ({
      action,
      kind: key.kind,
      project: key.project,
      name: key.name,
      fields: action === 'update' ? changedFields(stored.get(documentId(key)), document) : [],
      ...(blast.has(key.name) && key.kind === 'Freeze' && { blast: blast.get(key.name)! }),
    })),
  };
}

function changedFields(before: FleetDocument | undefined, after: FleetDocument): string[] {
  const [old, now] = [
    leaves({ metadata: before?.metadata, spec: before?.spec }),
    leaves({ metadata: after.metadata, spec: after.spec }),
  ];
  const paths = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return paths
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => `${path}: ${old.get(path) ?? '(absent)'} -> ${now.get(path) ?? '(absent)'}`);
}

function leaves(value: unknown, path = ''): Map<string, string> {
  if (value === undefined) return new Map();
  if (value === null || typeof value !== 'object') return new Map([[path, canonicalJson(value)]]);
  const entries = Object.entries(value).flatMap(([key, child]) => [
    ...leaves(child, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key),
  ]);
  return new Map(entries);
}
