import type { AgentUpgradeView } from '@flotilla/contracts';
import { reasonText, sinceText, toneOf } from '../nouns/cells.ts';
import { outputOption } from '../output/output-option.ts';
import { formatPage, type Page } from '../output/page.ts';
import { structured } from '../output/structured.ts';
import type { Session } from '../session.ts';

/** How an upgrade is shown to a program instead of a person. */
export interface UpgradeOutput {
  readonly output?: 'json' | 'yaml';
}

export const upgradeOutput = () => outputOption('json', 'yaml');

/** Shows an upgrade with each of its clusters. */
export async function printUpgrade(
  session: Session,
  upgrade: AgentUpgradeView,
  { output }: UpgradeOutput,
): Promise<void> {
  if (output) session.printExact(await structured(upgrade, output));
  else session.print(formatPage(upgradePage(upgrade, session)));
}

function upgradePage({ metadata, spec, status }: AgentUpgradeView, session: Session): Page {
  const { state, reason, finishedAt, steps } = status;
  const count = (wanted: string) => steps.filter((step) => step.state === wanted).length;
  const paint = (text: string) => {
    const tone = toneOf(text);
    return tone ? session.tones[tone](text) : text;
  };
  return [
    {
      fields: [
        ['Upgrade', metadata.uid],
        ['Agent', `${spec.version} (${spec.image})`],
        ['Clusters', spec.selector ?? 'all'],
        ['State', [state, reason && reasonText(reason)].filter(Boolean).join(': ')],
        ['Upgraded', `${count('Upgraded')} of ${steps.length}, ${count('Failed')} failed`],
        ['At once', `${spec.atOnce}, and ${spec.failuresMax} may fail`],
        ['Begun', sinceText(metadata.createdAt, session.now())],
        ['Finished', sinceText(finishedAt, session.now())],
      ],
    },
    {
      title: 'Clusters',
      headers: ['NAME', 'STATE', 'REASON'],
      rows: steps.map((step) => [
        { text: step.cluster },
        { text: step.state, paint },
        { text: step.reason ? reasonText(step.reason) : '' },
      ]),
    },
  ];
}
