import { operations, type CandidateView } from '@flotilla/contracts';
import { placeText, shortCommit } from '@flotilla/model';
import { sendOrder } from '../api.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';
import { decidedRelease } from '../promotion/decided-release.ts';
import { readStageName } from '../promotion/stage-name.ts';

interface OverrideOptions {
  readonly release?: string;
  readonly wave?: string;
  readonly reason: string;
  readonly output?: 'json' | 'yaml';
}

/** Does without the word of whoever is asked outside before a stage or a wave, for exactly what a release would bring. */
export const override = defineVerb<OverrideOptions>({
  examples: [
    'override checkout.production --release 1a2b3c4d --reason "ci is down, ticket 42"',
    'override checkout.production --wave rest --reason "the metrics are down, ticket 43"',
  ],
  declare: (command) =>
    void command
      .argument('<stage>', 'what waits before a stage: application.environment')
      .option(
        '--release <commit>',
        'which release; left out, the newest that waits for somebody outside, or with --wave what is under way',
      )
      .option('--wave <name>', 'the wave that waits, of the rollout that is under way')
      .requiredOption('--reason <text>', 'why, for the ledger')
      .addOption(outputOption('json', 'yaml')),
  run: async (session, [name = ''], { release: named, wave, reason, output }) => {
    const api = await session.api();
    const place = readStageName(name);
    const release = await decidedRelease(api, place, { release: named, wave, waits: waitsForOutside });
    const body = { ...place, release, ...(wave !== undefined && { wave }), reason };
    const overridden = await sendOrder(api, operations.overrideGates, { params: { project: api.project }, body });
    if (output) return session.printExact(await structured(overridden, output));
    const { revision, gates, expiresAt } = overridden;
    const title = `release/${visible(place.application)}-${shortCommit(revision)}`;
    session.print(
      `${title} may go on to ${placeText(place.environment, wave)} without ${gates.map(visible).join(', ')}, until ${expiresAt}\n`,
    );
  },
});

function waitsForOutside({ waits }: CandidateView): boolean {
  return waits.some(({ gate }) => gate.startsWith('web '));
}
