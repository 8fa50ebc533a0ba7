import {
  documentPlurals,
  operations,
  type ChangedKind,
  type DocumentView,
  type TargetCountView,
} from '@flotilla/contracts';
import { acknowledgedText, labelsText } from '@flotilla/model';
import type { DocumentKind } from '@flotilla/model';
import type { Api } from '../api.ts';
import type { Page } from '../output/page.ts';
import { structured } from '../output/structured.ts';
import { reasonText, sinceText } from './cells.ts';
import { countsText, whereCount } from './counts.ts';
import { AskFor, defineNoun, type Column, type Noun } from './noun.ts';

export interface DocumentNoun {
  readonly kind: Exclude<DocumentKind, 'Project'>;
  readonly short: readonly string[];
  readonly columns: readonly Column<DocumentView>[];
  /** The part of a count's name that is this document's; its counts do not travel with its own events. */
  readonly countedBy?: 'application' | 'environment';
}

/** One kind of document: all of them are listed, found, followed and described alike. */
export function documentNoun({ kind, short, columns, countedBy }: DocumentNoun): Noun {
  const plural = documentPlurals[kind];
  return defineNoun<DocumentView>({
    singular: kind.toLowerCase(),
    plural,
    short,
    columns,
    filters: {},
    nameOf: ({ metadata }) => metadata.name,
    uidOf: ({ metadata }) => metadata.uid,
    labelsOf: ({ metadata }) => metadata.labels ?? {},
    list: ({ client, project }, query) => client.list(operations.listDocuments, { params: { project, plural }, query }),
    find: ({ client, project }, name) => client.call(operations.getDocument, { params: { project, plural, name } }),
    watched: {
      kinds: countedBy ? ['document', 'count'] : ['document'],
      read: (changed, object) => readEvent(changed, object, { kind, countedBy }),
    },
    page: documentPage,
  });
}

function readEvent(
  changed: ChangedKind,
  object: unknown,
  { kind, countedBy }: { readonly kind: DocumentKind; readonly countedBy: DocumentNoun['countedBy'] | undefined },
): DocumentView | AskFor | undefined {
  if (changed === 'count') return countedBy && new AskFor((object as TargetCountView)[countedBy]);
  const document = object as DocumentView;
  if (document.kind !== kind) return undefined;
  return countedBy ? new AskFor(document.metadata.name) : document;
}

async function documentPage({ world }: Api, { kind, metadata, spec, status }: DocumentView): Promise<Page> {
  const now = world.clock.now();
  const { counts, refs = [], problem, clusters, freeze } = status;
  return [
    {
      fields: [
        ['Name', metadata.name],
        ['Kind', kind],
        ['Project', metadata.project],
        ['UID', metadata.uid],
        ['Created', sinceText(metadata.createdAt, now)],
        ['Labels', labelsText(metadata.labels)],
        ['Generation', metadata.generation?.toString()],
        ['Owner', metadata.owner],
        ['Clusters', clusters?.toString()],
        ['State', freeze?.state],
        ['Ordered', freeze && `by ${freeze.by}, ${sinceText(freeze.since, now)}`],
        ['Ends', freeze && (sinceText(freeze.expires, now) ?? 'when somebody lifts it')],
        ['Acknowledged', freeze && acknowledgedText(freeze)],
        ['Targets', counts && String(counts.total)],
        ['Sync', counts && countsText(counts.sync)],
        ['Health', counts && countsText(counts.health)],
        ['Problem', problem && reasonText(problem)],
      ],
    },
    { title: 'Spec', text: await structured(spec, 'yaml') },
    {
      title: 'Refs',
      headers: ['REF', 'COMMIT', 'SEEN'],
      rows: refs.map(({ ref, commit, seenAt }) => [{ text: ref }, { text: commit }, { text: seenAt }]),
    },
  ];
}

/** Targets in numbers, where a document has them. */
export const countColumns: readonly Column<DocumentView>[] = [
  { header: 'TARGETS', text: ({ status }) => String(status.counts?.total ?? '') },
  {
    header: 'SYNCED',
    text: ({ status: { counts } }) => (counts ? whereCount(counts.sync, 'Synced', counts.total) : ''),
  },
  {
    header: 'HEALTHY',
    text: ({ status: { counts } }) => (counts ? whereCount(counts.health, 'Healthy', counts.total) : ''),
  },
];

export const ownerColumn: Column<DocumentView> = {
  header: 'OWNER',
  wide: true,
  text: ({ metadata }) => metadata.owner ?? '',
};

export const problemColumn: Column<DocumentView> = {
  header: 'PROBLEM',
  text: ({ status }) => status.problem?.code ?? '',
  tone: () => 'bad',
};
