import type { RollbackPreviewView, RollbackView } from '@flotilla/contracts';
import { blastText } from '@flotilla/model';
import { reasonArgument, type Order } from '../orders/order.ts';
import { shellWord } from '../text/shell-word.ts';
import type { RollbackQuestion } from './question/rollback-question.ts';
import { goalDefault } from './rollback-search.ts';

type Selection = RollbackView['spec']['selection'];
type SomeClusters = RollbackPreviewView['places'][number]['held'];

/** Clusters by name, and how many more there are. */
export function someText({ count, names }: SomeClusters): string {
  const more = count > names.length ? ` and ${(count - names.length).toLocaleString('en')} more` : '';
  return names.join(', ') + more;
}

/** The orders that a preview is about: the one that does it, and the one that only shows. */
export function previewOrders(question: RollbackQuestion, { blast }: RollbackPreviewView): readonly Order[] {
  const command = rollbackCommand(question);
  const touches = `takes back ${blastText(blast)}. It shows this once more, and asks.`;
  return [
    { does: 'Go back', touches, command: `${command} ${reasonArgument}` },
    {
      does: 'All at once',
      touches: 'does the same at the same moment everywhere, and not in these waves.',
      command: `${command} --at-once ${reasonArgument}`,
    },
    { does: 'Only show', touches: 'changes nothing.', command: `${command} --dry-run` },
  ];
}

/** The command for a selection, but for its reason. */
export function rollbackCommand({ selection, to }: RollbackQuestion): string {
  const { application, environment, cluster, selector, digest, release, fleet } = selection;
  const options = [
    environment !== undefined && `--environment ${shellWord(environment)}`,
    cluster !== undefined && `--cluster ${shellWord(cluster)}`,
    selector !== undefined && `-l ${shellWord(selector)}`,
    digest !== undefined && `--digest ${shellWord(digest)}`,
    release !== undefined && `--release ${shellWord(release)}`,
    fleet && '--fleet',
    to !== goalDefault && `--to ${shellWord(to)}`,
  ];
  return ['flotilla rollback', application !== undefined && shellWord(application), ...options]
    .filter(Boolean)
    .join(' ');
}

/** What an order was for, in words. */
export function selectionText({
  application,
  environment,
  cluster,
  selector,
  digest,
  release,
  fleet,
}: Selection): string {
  const parts = [
    fleet ? 'the whole fleet' : (application ?? 'everything'),
    environment && `in ${environment}`,
    cluster && `on ${cluster}`,
    selector && `on clusters with ${selector}`,
    digest && `that runs source digest ${digest}`,
    release && `that runs release ${release}`,
  ];
  return parts.filter(Boolean).join(' ');
}
