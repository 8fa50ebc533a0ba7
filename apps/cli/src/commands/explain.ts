import {
  operations,
  type RepairView,
  type RollbackView,
  type RolloutView,
  type StageView,
  type TargetView,
} from '@flotilla/contracts';
import type { Api } from '../api.ts';
import { findOffTargets } from '../explaining/off-targets.ts';
import { findOpenRollouts, rolloutStory } from '../explaining/open-rollouts.ts';
import { findRolloutsAndRepairs, repairStory, rollbackStory } from '../explaining/rollback-story.ts';
import { rolloutStoryOf, stageStory, targetStory, type Story } from '../explaining/story.ts';
import { storyPage } from '../explaining/story-page.ts';
import { wholePage } from '../explaining/whole-page.ts';
import { allOf } from '../nouns/all-of.ts';
import { application } from '../nouns/application.ts';
import { cluster } from '../nouns/cluster.ts';
import { environment } from '../nouns/environment.ts';
import { requireItem } from '../nouns/find-item.ts';
import type { Noun } from '../nouns/noun.ts';
import { nounNamed, nounsText } from '../nouns/nouns.ts';
import { readNamed } from '../nouns/read-subject.ts';
import { repair } from '../nouns/repair.ts';
import { rollback } from '../nouns/rollback.ts';
import { rollout } from '../nouns/rollout.ts';
import { stage, stagePage } from '../nouns/stage.ts';
import { why } from '../nouns/target-page.ts';
import { target } from '../nouns/target.ts';
import { outputOption } from '../output/output-option.ts';
import { formatPage } from '../output/page.ts';
import { structured } from '../output/structured.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb, type Candidate } from '../program/verb.ts';
import { rollbackPage } from '../rollbacks/rollback-page.ts';
import { readStageName } from '../promotion/stage-name.ts';
import type { Session } from '../session.ts';

interface ExplainOptions {
  readonly output?: 'json' | 'yaml';
}

const explained: readonly Noun[] = [target, application, environment, cluster, stage, rollout, rollback, repair];

/** Says why something is as it is: blocked by what, since when, who can act, and when it is tried again. */
export const explain = defineVerb<ExplainOptions>({
  examples: [
    'explain target checkout.production.eu-1',
    'explain application checkout',
    'explain rollout checkout.production',
    'explain cluster eu-1',
    'explain rollback 0k3v9q2m7t1x8c4b',
    'explain target checkout.dev.eu-1 -o json',
  ],
  declare: (command) =>
    void command
      .argument('<noun>', nounsText(explained))
      .argument('<name...>', 'which of them; a rollout and a stage are named application.environment')
      .addOption(outputOption('json', 'yaml')),
  complete: explainable,
  run: async (session, args, { output }) => {
    const { noun, names } = readNamed(args, explained);
    for (const name of names) {
      const { stories, text } = await (ways.get(noun) ?? ofWhole)(session, noun, name);
      const items = stories.map(({ noun: of, name: which, explanation }) => ({ [of]: which, explanation }));
      if (output) session.printExact(await structured({ items }, output));
      else session.print(text);
    }
  },
});

interface Explained {
  readonly stories: readonly Story[];
  readonly text: string;
}

/** What is explained by itself; everything else by its targets, its stages and its rollouts. */
const ways = new Map<Noun, (session: Session, noun: Noun, name: string) => Promise<Explained>>([
  [target, (session, _, name) => ofTarget(session, name)],
  [rollout, (session, _, name) => ofRollout(session, name)],
  [stage, (session, _, name) => ofStage(session, name)],
  [rollback, (session, _, name) => ofRollback(session, name)],
  [repair, (session, _, name) => ofRepair(session, name)],
]);

async function ofTarget(session: Session, name: string): Promise<Explained> {
  const api = await session.api();
  const { metadata } = (await requireItem(api, target, name)) as TargetView;
  const params = { project: api.project, uid: metadata.uid };
  const story = await api.client.call(operations.getTarget, { params });
  return { stories: [targetStory(story)], text: formatPage(storyPage(story, session.now())) };
}

/** The newest one into an environment: nobody remembers what a rollout is called. */
async function ofRollout(session: Session, name: string): Promise<Explained> {
  const { client, project } = await session.api();
  const course = await client.call(operations.getRollout, { params: { project, ...readStageName(name) } });
  return { stories: [rolloutStoryOf(course)], text: formatPage(rolloutStory(course, session.now())) };
}

async function ofStage(session: Session, name: string): Promise<Explained> {
  const item = (await requireItem(await session.api(), stage, name)) as StageView;
  return { stories: [stageStory(item)], text: formatPage(stagePage(item, session.now())) };
}

/** Its places, what still goes on in them, what it holds, and what becomes of Git. */
async function ofRollback(session: Session, name: string): Promise<Explained> {
  const api = await session.api();
  const item = (await requireItem(api, rollback, name)) as RollbackView;
  const { courses, repairs } = await findRolloutsAndRepairs(api, item);
  const now = session.now();
  const [held, mended] = [rollbackStory(item), repairs.map(repairStory)];
  const page = [
    ...rollbackPage(item, now),
    ...courses.flatMap((each) => rolloutStory(each, now)),
    ...[held, ...mended].flatMap(({ explanation }) => why(explanation, now)),
  ];
  return { stories: [held, ...courses.map(rolloutStoryOf), ...mended], text: formatPage(page) };
}

async function ofRepair(session: Session, name: string): Promise<Explained> {
  const story = repairStory((await requireItem(await session.api(), repair, name)) as RepairView);
  return { stories: [story], text: formatPage(why(story.explanation, session.now())) };
}

async function ofWhole(session: Session, noun: Noun, name: string): Promise<Explained> {
  const api = await session.api();
  const item = await requireItem(api, noun, name);
  const query = { [noun.singular]: noun.nameOf(item) };
  const found = await findOffTargets(api, query);
  const delivered = noun === application || noun === environment;
  const stages = delivered ? await waitingStages(api, query) : [];
  const rollouts = delivered ? await findOpenRollouts(api, query) : [];
  const now = session.now();
  const page = [
    ...wholePage(noun, item, { found, now }),
    ...rollouts.flatMap((each) => rolloutStory(each, now)),
    ...stages.flatMap((each) => stagePage(each, now)),
  ];
  const stories = [...found.stories.map(targetStory), ...rollouts.map(rolloutStoryOf), ...stages.map(stageStory)];
  return { stories, text: formatPage(page) };
}

/** Stages of an application, or for an environment, before which a release waits. */
async function waitingStages({ client, project }: Api, query: Readonly<Record<string, string>>): Promise<StageView[]> {
  const stages = await allOf(client.list(operations.listStages, { params: { project }, query }));
  return stages.filter(({ status }) => status.candidates.length > 0);
}

/** Rollouts by where they go, and everything else by its name. */
async function explainable(session: Session, args: readonly string[]): Promise<readonly Candidate[]> {
  const [word, ...named] = args;
  if (word === undefined || nounNamed(word, explained) !== rollout) return nounThenNames(explained)(session, args);
  const places: string[] = [];
  for await (const item of rollout.list(await session.api(), { limit: 100 })) {
    const { application: of, environment: into } = (item as RolloutView).spec;
    places.push(`${of}.${into}`);
  }
  return [...new Set(places)].filter((place) => !named.includes(place)).map((text) => ({ text }));
}
