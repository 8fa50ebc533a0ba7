import {
  operations,
  type ClusterView,
  type DocumentView,
  type TargetStoryView,
  type TargetView,
} from '@flotilla/contracts';
import { mapLimited } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import type { Api } from '../api.ts';
import { allOf } from '../nouns/all-of.ts';
import { application } from '../nouns/application.ts';
import { reasonText, sinceText } from '../nouns/cells.ts';
import { cluster } from '../nouns/cluster.ts';
import { environment } from '../nouns/environment.ts';
import { requireItem } from '../nouns/find-item.ts';
import type { Noun } from '../nouns/noun.ts';
import { readNamed } from '../nouns/read-subject.ts';
import { target } from '../nouns/target.ts';
import { why } from '../nouns/target-page.ts';
import { outputOption } from '../output/output-option.ts';
import { formatPage, type Page, type Section } from '../output/page.ts';
import { structured } from '../output/structured.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';

interface ExplainOptions {
  readonly output?: 'json' | 'yaml';
}

const explained: readonly Noun[] = [target, application, environment, cluster];

/** Says why something is as it is: blocked by what, since when, who can act, and when it is tried again. */
export const explain = defineVerb<ExplainOptions>({
  examples: [
    'explain target checkout.production.eu-1',
    'explain application checkout',
    'explain cluster eu-1',
    'explain target checkout.dev.eu-1 -o json',
  ],
  declare: (command) => void command.argument('<noun>').argument('<name...>').addOption(outputOption('json', 'yaml')),
  complete: nounThenNames(explained),
  run: async (session, args, { output }) => {
    const { noun, names } = readNamed(args, explained);
    const api = await session.api();
    for (const name of names) {
      const item = await requireItem(api, noun, name);
      const targets = noun === target ? [item as TargetView] : await targetsOf(api, noun, name);
      const stories = await storiesOf(api, noun === target ? targets : targets.filter(isOff));
      if (output) session.printExact(await structured(explanations(stories), output));
      else tell(session, { noun, item, targets, stories });
    }
  },
});

async function targetsOf({ client, project }: Api, { singular }: Noun, name: string): Promise<TargetView[]> {
  return allOf(client.list(operations.listTargets, { params: { project }, query: { [singular]: name } }));
}

/** Whether there is anything about a target that a person might ask about. */
function isOff({ spec, status }: TargetView): boolean {
  const { sync, health, connection, generation } = status;
  const fine = sync === 'Synced' && health === 'Healthy' && connection === 'Connected';
  return !fine || spec.suspended !== undefined || generation < spec.generation;
}

const storiesAtOnce = 8;

function storiesOf({ client, project }: Api, targets: readonly TargetView[]): Promise<TargetStoryView[]> {
  return mapLimited(targets, storiesAtOnce, ({ metadata }) =>
    client.call(operations.getTarget, { params: { project, uid: metadata.uid } }),
  );
}

function explanations(stories: readonly TargetStoryView[]) {
  return { items: stories.map(({ metadata, explanation }) => ({ target: metadata.name, explanation })) };
}

interface Telling {
  readonly noun: Noun;
  readonly item: unknown;
  readonly targets: readonly TargetView[];
  readonly stories: readonly TargetStoryView[];
}

function tell(session: Session, { noun, item, targets, stories }: Telling): void {
  const pages = stories.map((story) => storyPage(story, session.now()));
  if (noun === target) return session.print(pages.map(formatPage).join('\n'));
  const fine = targets.length - stories.length;
  const summary = `${noun.singular}/${noun.nameOf(item)}: ${fine} of ${targets.length} targets are as they should be`;
  const head = noun === cluster ? lineTo(item as ClusterView, session.now()) : problemOf(item as DocumentView);
  session.print([`${summary}\n`, formatPage([head]), ...pages.map(formatPage)].filter(Boolean).join('\n'));
}

function problemOf({ status: { problem } }: DocumentView): Section {
  return { fields: [['Problem', problem && reasonText(problem)]] };
}

/** Whether a cluster is heard is a question of its own, also where it has no targets. */
function lineTo({ metadata, status }: ClusterView, now: number): Section {
  const { connection, lastSeenAt } = status;
  if (connection === 'Connected') return { fields: [] };
  const todo =
    connection === 'Pending' ? `start its agent; flotilla cluster join ${metadata.name} says how` : undefined;
  return {
    fields: [
      ['Connection', connection],
      ['Last seen', sinceText(lastSeenAt, now)],
      ['Way out', todo],
    ],
  };
}

function storyPage({ metadata, status, resources, explanation }: TargetStoryView, now: number): Page {
  const runs = status.revision ? `runs ${shortCommit(status.revision)}` : 'runs nothing yet';
  const failing = resources.filter(({ health }) => health !== 'Healthy');
  return [
    {
      fields: [
        ['Target', metadata.name],
        ['Is', `${status.sync}, ${status.health}, ${runs}`],
        ['Since', sinceText(status.since, now)],
      ],
    },
    ...why(explanation, now),
    {
      title: 'Not well',
      headers: ['KIND', 'NAME', 'HEALTH', 'REASON'],
      rows: failing.map(({ kind, name, health, reason }) =>
        [kind, name, health, reason ? reasonText(reason) : ''].map((text) => ({ text })),
      ),
    },
  ];
}
