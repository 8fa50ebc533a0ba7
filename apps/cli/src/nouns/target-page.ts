import { operations, type ExplanationView, type TargetStoryView, type TargetView } from '@flotilla/contracts';
import { freezeText, shortCommit } from '@flotilla/model';
import type { Api } from '../api.ts';
import type { Field, Page, Section } from '../output/page.ts';
import { reasonText, sinceText, spanText } from './cells.ts';

/** The story of one target: what it shall run, what it runs, and everything that stands between the two. */
export async function targetPage({ client, project, world }: Api, { metadata }: TargetView): Promise<Page> {
  const story = await client.call(operations.getTarget, { params: { project, uid: metadata.uid } });
  const now = world.clock.now();
  return [identity(story, now), state(story, now), ...why(story.explanation, now), ...details(story)];
}

function identity({ metadata, spec, status }: TargetStoryView, now: number): Section {
  return {
    fields: [
      ['Name', metadata.name],
      ['Project', metadata.project],
      ['UID', metadata.uid],
      ['Created', sinceText(metadata.createdAt, now)],
      ['Cluster', `${spec.cluster} (${status.connection})`],
      ['Namespace', spec.namespace],
      ['Intent', spec.intent],
    ],
  };
}

function state({ spec, status }: TargetStoryView, now: number): Section {
  const { suspended, frozen = [], pin } = spec;
  return {
    fields: [
      ['Sync', status.sync],
      ['Health', status.health],
      ['Since', sinceText(status.since, now)],
      ['Reason', status.reason && reasonText(status.reason)],
      ['Runs', status.revision ? `${shortCommit(status.revision)}, generation ${status.generation}` : 'nothing yet'],
      ['Shall run', `${shortCommit(spec.revision)}, generation ${spec.generation}, release ${spec.release}`],
      ['Applied', sinceText(status.appliedAt, now)],
      ['Reported', sinceText(status.reportedAt, now)],
      ['Differs from Git', pin && `held by ${pin.by}: ${pin.reason}, since ${sinceText(pin.since, now)}`],
      ['Suspended', suspended && `by ${suspended.by}: ${suspended.reason}, ${sinceText(suspended.since, now)}`],
      ...frozen.map((freeze): Field => ['Frozen', freezeText(freeze)]),
    ],
  };
}

/** Explanations as sections: the same here and in `explain`. */
export function why(explanation: readonly ExplanationView[], now: number): Section[] {
  return explanation.map(({ state: title, blockedBy, since, whoCanAct, nextTry }) => {
    const fields: Field[] = [
      ['blocked by', blockedBy],
      ['since', sinceText(since, now)],
      ['who can act', whoCanAct],
      ['next try', sinceText(nextTry, now)],
    ];
    return fields.some(([, value]) => value) ? { title, fields } : { fields: [['Now', title]] };
  });
}

function details({ resources, drift, history }: TargetStoryView): Section[] {
  return [
    {
      title: 'Resources',
      headers: ['KIND', 'NAMESPACE', 'NAME', 'SYNC', 'HEALTH', 'REASON'],
      rows: resources.map(({ kind, namespace = '', name, sync, health, reason }) =>
        cells(kind, namespace, name, sync, health, reason ? reasonText(reason) : ''),
      ),
    },
    {
      title: 'Drift',
      headers: ['OBJECT', 'FIELD', 'CHANGED BY', 'AT', 'CORRECTED'],
      rows: drift.map(({ object, field, manager, at = '', corrected }) =>
        cells(object, field || '(all of it)', manager, at, corrected ? 'yes' : 'no'),
      ),
    },
    {
      title: 'History',
      headers: ['AT', 'REVISION', 'HEALTH', 'HEALTHY AFTER', 'REASON'],
      rows: history.map(({ at, revision, health, healthyAt, reason }) =>
        cells(at, shortCommit(revision), health, spanText(at, healthyAt), reason ? reasonText(reason) : ''),
      ),
    },
  ];
}

function cells(...texts: readonly string[]) {
  return texts.map((text) => ({ text }));
}
