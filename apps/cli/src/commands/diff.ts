import { operations, type ObjectDiff, type TargetChoice, type TargetView } from '@flotilla/contracts';
import type { Api } from '../api.ts';
import { allOf } from '../nouns/all-of.ts';
import { exitCodes } from '../exit-codes.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { nounThenNames } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';
import { chooseTargets, choosing, declareChoice, type ChoiceOptions } from '../targets/choose-targets.ts';
import { targetDiffText } from '../targets/target-diff-text.ts';

interface DiffOptions extends ChoiceOptions {
  readonly output?: 'json' | 'yaml';
}

interface TargetDiff {
  readonly target: string;
  readonly objects: readonly ObjectDiff[];
}

/** Asks agents how their clusters differ from Git. Exit code 1 says that one does. Secrets are masked by the agent. */
export const diff = defineVerb<DiffOptions>({
  tellsDifferences: true,
  examples: [
    'diff target checkout.production.eu-1',
    'diff application checkout --environment production',
    'diff cluster eu-1 -o json',
  ],
  declare: (command) => void declareChoice(command).addOption(outputOption('json', 'yaml')),
  complete: nounThenNames(choosing),
  run: async (session, args, { output, ...options }) => {
    const api = await session.api();
    const found: TargetDiff[] = [];
    for (const target of await targetsOf(api, await chooseTargets(api, args, options))) {
      session.progress.show(`asking the agent of ${target.spec.cluster} about ${visible(target.metadata.name)} …`);
      found.push(await diffOf(api, target));
      const { objects } = found.at(-1)!;
      if (!output) session.print(targetDiffText(target.metadata.name, objects, session.tones));
    }
    if (output) session.printExact(await structured({ items: found }, output));
    const differing = found.filter(({ objects }) => objects.length > 0).length;
    session.note(differing > 0 ? `${differing} of ${found.length} differ from Git` : 'nothing differs from Git');
    return differing > 0 ? exitCodes.failure : exitCodes.ok;
  },
});

async function targetsOf({ client, project }: Api, choices: readonly TargetChoice[]): Promise<TargetView[]> {
  const targets: TargetView[] = [];
  for (const query of choices) {
    targets.push(...(await allOf(client.list(operations.listTargets, { params: { project }, query }))));
  }
  return targets;
}

async function diffOf({ client, project }: Api, { metadata }: TargetView): Promise<TargetDiff> {
  const params = { project, uid: metadata.uid };
  const { objects } = await client.call(operations.diffTarget, { params });
  return { target: metadata.name, objects };
}
