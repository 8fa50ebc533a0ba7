import { operations, type CandidateView } from '@flotilla/contracts';
import { placeText, shortCommit } from '@flotilla/model';
import { sendOrder } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';
import { decidedRelease } from '../promotion/decided-release.ts';
import { readReleaseName, readStageName, type StageName } from '../promotion/stage-name.ts';

interface ApproveOptions {
  readonly for?: string;
  readonly wave?: string;
  readonly output?: 'json' | 'yaml';
}

/** Agrees to exactly what a release would bring a stage, or a wave of its rollout. */
export const approve = defineVerb<ApproveOptions>({
  examples: [
    'approve checkout.production',
    'approve checkout-1a2b3c4d --for production',
    'approve checkout.production --wave rest',
  ],
  declare: (command) =>
    void command
      .argument('<stage or release>', 'what waits before a stage (application.environment), or a release by its name')
      .option('--for <environment>', 'the stage that the release would enter')
      .option('--wave <name>', 'the wave that waits, of the rollout that is under way')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, [name = ''], options) => {
    const api = await session.api();
    const { place, release } = meantBy(name, options);
    const { wave } = options;
    const goal = await decidedRelease(api, place, { release, wave, waits: waitsForPeople });
    const body = { ...place, release: goal, ...(wave !== undefined && { wave }) };
    const approved = await sendOrder(api, operations.approve, { params: { project: api.project }, body });
    if (options.output) return session.printExact(await structured(approved, options.output));
    const { revision, digest, expiresAt } = approved;
    const title = `release/${visible(place.application)}-${shortCommit(revision)}`;
    session.print(
      `${title} approved for ${placeText(place.environment, wave)}, source digest ${digest.slice(0, 12)}, until ${expiresAt}\n`,
    );
  },
});

function meantBy(name: string, { for: environment }: ApproveOptions): { place: StageName; release?: string } {
  if (environment === undefined) return { place: readStageName(name) };
  const { application, release } = readReleaseName(name);
  return { place: { application, environment }, release };
}

function waitsForPeople({ waits }: CandidateView): boolean {
  return waits.some(({ gate }) => gate.startsWith('approval'));
}
