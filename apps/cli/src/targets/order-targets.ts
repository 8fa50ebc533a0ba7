import type { OperationResponse, TargetChoice, operations } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import type { Api } from '../api.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import type { Session } from '../session.ts';
import { chooseTargets, choiceText, type ChoiceOptions } from './choose-targets.ts';

export type Affected = OperationResponse<typeof operations.syncTargets>['targets'];

export interface OrderOptions extends ChoiceOptions {
  readonly output?: 'json' | 'yaml' | 'name';
}

export interface TargetOrder {
  readonly args: readonly string[];
  readonly options: OrderOptions;
  /** What is said of each target that the order reached. */
  readonly word: string;
  readonly send: (api: Api, choice: TargetChoice) => Promise<{ readonly targets: Affected }>;
}

/** Gives an order to every target that a call chooses, and says which these were. */
export async function orderTargets(session: Session, { args, options, word, send }: TargetOrder): Promise<void> {
  const api = await session.api();
  const choices = await chooseTargets(api, args, options);
  for (const choice of choices) {
    const { targets } = await send(api, choice);
    if (targets.length === 0) throw nobodyThere(choice, api.project);
    // Told at once: whatever happens to the next choice, these were reached.
    await printReached(session, targets, { word, output: options.output });
  }
}

async function printReached(
  session: Session,
  targets: Affected,
  { word, output }: { readonly word: string; readonly output: OrderOptions['output'] },
): Promise<void> {
  if (output === 'json' || output === 'yaml') return session.printExact(await structured({ targets }, output));
  const suffix = output === 'name' ? '' : ` ${word}`;
  session.print(targets.map(({ name }) => `target/${visible(name)}${suffix}\n`).join(''));
}

function nobodyThere(choice: TargetChoice, project: string): Fault {
  const flags = choiceText(choice);
  return new Fault({
    code: 'not-found',
    reason: 'TargetsMissing',
    message: `there is no target in project ${project} with ${flags}; list them with: flotilla get targets ${flags}`,
  });
}
