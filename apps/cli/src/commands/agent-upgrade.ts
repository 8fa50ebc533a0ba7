import { operations } from '@flotilla/contracts';
import { parseDuration } from '@flotilla/foundation';
import { versionOfImage } from '@flotilla/model';
import { InvalidArgumentError, Option } from 'commander';
import { printUpgrade, upgradeOutput, type UpgradeOutput } from '../agents/upgrade-page.ts';
import { sendOrder } from '../api.ts';
import { InputFault } from '../program/input-fault.ts';
import { defineVerb } from '../program/verb.ts';
import { wholeNumber } from '../program/whole-number.ts';

interface UpgradeOptions extends UpgradeOutput {
  readonly image: string;
  readonly agentVersion?: string;
  readonly selector?: string;
  readonly atOnce?: number;
  readonly maxFailures?: number;
  readonly deadline?: number;
}

/** Brings another agent into clusters: the first alone, then so many at once, and no further when too many fail. */
export const agentUpgrade = defineVerb<UpgradeOptions>({
  examples: [
    'agent upgrade --image registry.example.org/flotilla:0.2.0@sha256:…',
    'agent upgrade --image registry.example.org/flotilla@sha256:… --agent-version 0.2.0 -l stage=production --at-once 5',
  ],
  declare: (command) =>
    void command
      .requiredOption('--image <image>', 'the new image, by its digest')
      .option('--agent-version <version>', 'what the new agent says it is; the tag of the image, when it has one')
      .option('-l, --selector <labels>', 'of which clusters; all of them without it')
      .option('--at-once <number>', 'how many clusters at once, after the first; 1', wholeNumber)
      .option('--max-failures <number>', 'how many may fail before it halts; 0', wholeNumber)
      .addOption(new Option('--deadline <duration>', 'how long a new agent may take; 10m').argParser(readDeadline))
      .addOption(upgradeOutput()),
  run: async (session, _, { output, ...options }) => {
    const api = await session.api();
    const upgrade = await sendOrder(api, operations.openAgentUpgrade, {
      params: { project: api.project },
      body: requestOf(options),
    });
    session.note('follow it with: flotilla agent status');
    await printUpgrade(session, upgrade, { ...(output && { output }) });
  },
});

function requestOf({ image, agentVersion, selector, atOnce, maxFailures, deadline }: UpgradeOptions) {
  const version = agentVersion ?? versionOfImage(image);
  if (!version) throw new InputFault([{ path: '--agent-version', message: versionMissing }]);
  return {
    image,
    version,
    ...(selector && { selector }),
    ...(atOnce !== undefined && { atOnce }),
    ...(maxFailures !== undefined && { failuresMax: maxFailures }),
    ...(deadline !== undefined && { deadlineSeconds: deadline }),
  };
}

const versionMissing = 'the image names no version; say which one the new agent is with --agent-version';

function readDeadline(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return Math.ceil(ms / 1_000);
  throw new InvalidArgumentError('It is a duration, such as 90s or 10m.');
}
