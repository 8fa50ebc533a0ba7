import { operations, type StageView, type TargetView } from '@flotilla/contracts';
import type { Api } from '../api.ts';
import { findOffTargets } from '../explaining/off-targets.ts';
import { storyPage } from '../explaining/story-page.ts';
import { wholePage } from '../explaining/whole-page.ts';
import { allOf } from '../nouns/all-of.ts';
import { application } from '../nouns/application.ts';
import { cluster } from '../nouns/cluster.ts';
import { environment } from '../nouns/environment.ts';
import { requireItem } from '../nouns/find-item.ts';
import type { Noun } from '../nouns/noun.ts';
import { nounsText } from '../nouns/nouns.ts';
import { readNamed } from '../nouns/read-subject.ts';
import { stagePage } from '../nouns/stage.ts';
import { target } from '../nouns/target.ts';
import { outputOption } from '../output/output-option.ts';
import { formatPage } from '../output/page.ts';
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
  declare: (command) =>
    void command
      .argument('<noun>', nounsText(explained))
      .argument('<name...>', 'which of them')
      .addOption(outputOption('json', 'yaml')),
  complete: nounThenNames(explained),
  run: async (session, args, { output }) => {
    const { noun, names } = readNamed(args, explained);
    for (const name of names) {
      const { stories, text } = noun === target ? await ofTarget(session, name) : await ofWhole(session, noun, name);
      const items = stories.map(({ metadata, explanation }) => ({ target: metadata.name, explanation }));
      if (output) session.printExact(await structured({ items }, output));
      else session.print(text);
    }
  },
});

async function ofTarget(session: Session, name: string) {
  const api = await session.api();
  const { metadata } = (await requireItem(api, target, name)) as TargetView;
  const params = { project: api.project, uid: metadata.uid };
  const story = await api.client.call(operations.getTarget, { params });
  return { stories: [story], text: formatPage(storyPage(story, session.now())) };
}

async function ofWhole(session: Session, noun: Noun, name: string) {
  const api = await session.api();
  const item = await requireItem(api, noun, name);
  const found = await findOffTargets(api, { [noun.singular]: noun.nameOf(item) });
  const stages = await waitingStages(api, noun, item);
  const now = session.now();
  const page = [...wholePage(noun, item, { found, now }), ...stages.flatMap((each) => stagePage(each, now))];
  return { stories: found.stories, text: formatPage(page) };
}

/** Stages of an application, or for an environment, before which a release waits. */
async function waitingStages({ client, project }: Api, noun: Noun, item: unknown): Promise<StageView[]> {
  if (noun !== application && noun !== environment) return [];
  const query = { [noun.singular]: noun.nameOf(item) };
  const stages = await allOf(client.list(operations.listStages, { params: { project }, query }));
  return stages.filter(({ status }) => status.candidates.length > 0);
}
