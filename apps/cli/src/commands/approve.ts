import { operations, type CandidateView, type RolloutView } from '@flotilla/contracts';
import { Fault, toFault } from '@flotilla/foundation';
import { isOpenRollout, shortCommit } from '@flotilla/model';
import { sendOrder, type Api } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';
import { readReleaseName, readStageName, type StageName } from '../promotion/stage-name.ts';
import { waitingCandidate } from '../promotion/waiting-candidate.ts';

interface ApproveOptions {
  readonly for?: string;
  readonly wave?: string;
  readonly output?: 'json' | 'yaml';
}

/** Agrees to exactly what a release would bring a stage. */
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
    const goal = wave === undefined ? await waitingBefore(api, place, release) : await underWay(api, place, release);
    const body = { ...place, release: goal, ...(wave !== undefined && { wave }) };
    const approved = await sendOrder(api, operations.approve, { params: { project: api.project }, body });
    if (options.output) return session.printExact(await structured(approved, options.output));
    const { revision, digest, expiresAt } = approved;
    const title = `release/${visible(place.application)}-${shortCommit(revision)}`;
    session.print(
      `${title} approved for ${wave === undefined ? '' : `wave ${wave} of `}${place.environment}, source digest ${digest.slice(0, 12)}, until ${expiresAt}\n`,
    );
  },
});

function meantBy(name: string, { for: environment }: ApproveOptions): { place: StageName; release?: string } {
  if (environment === undefined) return { place: readStageName(name) };
  const { application, release } = readReleaseName(name);
  return { place: { application, environment }, release };
}

async function waitingBefore(api: Api, place: StageName, release: string | undefined): Promise<string> {
  const found = waitingCandidate(api, place, { release, waits: waitsForPeople });
  return (await found.catch((error: unknown) => preferWave(api, place, error))).release;
}

/** Where nothing waits before the stage, a wave of what is on its way there may be what somebody means. */
async function preferWave(api: Api, place: StageName, error: unknown): Promise<never> {
  if (toFault(error).reason !== 'CandidateMissing') throw error;
  const blocked = (await openRollout(api, place))?.status.blocked;
  if (blocked?.code !== 'WaveGated') throw error;
  const name = `${place.application}.${place.environment}`;
  const message = `nothing waits before ${name}, but a wave of what is on its way does; say which with --wave: ${blocked.message}`;
  throw new Fault({ code: 'not-found', reason: 'CandidateMissing', message });
}

/** What is on its way is what is agreed to, by its uid: if something newer takes its place meanwhile, that is refused. */
async function underWay(api: Api, place: StageName, release: string | undefined): Promise<string> {
  if (release !== undefined) return release;
  const open = await openRollout(api, place);
  if (open) return open.spec.release;
  const name = `${place.application}.${place.environment}`;
  const message = `no rollout of ${name} is under way; see: flotilla rollout status ${name}`;
  throw new Fault({ code: 'not-found', reason: 'RolloutMissing', message });
}

async function openRollout(api: Api, place: StageName): Promise<RolloutView | undefined> {
  const { items } = await api.client.call(operations.listRollouts, { params: { project: api.project }, query: place });
  return items.find(({ spec, status }) => spec.cause !== 'rollback' && isOpenRollout(status.state));
}

function waitsForPeople({ waits }: CandidateView): boolean {
  return waits.some(({ gate }) => gate.startsWith('approval'));
}
