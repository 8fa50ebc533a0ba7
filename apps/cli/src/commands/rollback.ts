import { Option } from 'commander';
import { operations, type OrderDiffView, type RollbackPreviewView } from '@flotilla/contracts';
import { toFault } from '@flotilla/foundation';
import { blastText, type RollbackRequest, type RollbackSelection } from '@flotilla/model';
import { sendOrder } from '../api.ts';
import { exitCodes } from '../exit-codes.ts';
import { application } from '../nouns/application.ts';
import { outputOption } from '../output/output-option.ts';
import { formatPage } from '../output/page.ts';
import { structured } from '../output/structured.ts';
import { askPerson } from '../program/ask-person.ts';
import { namesOf } from '../program/candidates.ts';
import { InputFault } from '../program/input-fault.ts';
import { defineVerb } from '../program/verb.ts';
import { previewPage } from '../rollbacks/preview-page.ts';
import { brokenFor, type GlassOptions } from '../targets/broken-glass.ts';
import { orderDiffText } from '../targets/order-diff-text.ts';
import type { Session } from '../session.ts';

interface RollbackOptions extends GlassOptions {
  readonly environment?: string;
  readonly cluster?: string;
  readonly selector?: string;
  readonly digest?: string;
  readonly release?: string;
  readonly fleet?: true;
  readonly to: string;
  readonly reason?: string;
  readonly atOnce?: boolean;
  readonly runHooks?: boolean;
  readonly repair?: boolean;
  readonly dryRun?: boolean;
  readonly diff?: boolean;
  readonly yes?: boolean;
  readonly output?: 'json' | 'yaml';
}

/** Takes applications back to what was well before: shows what that changes, and asks. */
export const rollback = defineVerb<RollbackOptions>({
  examples: [
    'rollback checkout.production --reason "incident 42"',
    'rollback checkout --to 1a2b3c4d --reason "the last one that could pay"',
    'rollback --digest 9f86d081 --reason "a bad base image" --dry-run',
    'rollback checkout.production --reason "it loses orders" --at-once',
    'rollback checkout.production --break-glass --reason "incident 42, in the year-end freeze"',
    'rollback --fleet --to 2026-01-31T12:00:00Z --reason "everything since noon" --yes',
  ],
  declare: (command) =>
    void command
      .argument('[application[.environment[.cluster]]]', 'what goes back')
      .option('--environment <name>', 'whatever runs in an environment')
      .option('--cluster <name>', 'whatever runs on a cluster')
      .option('-l, --selector <labels>', 'whatever runs on clusters with these labels')
      .option('--digest <source-digest>', 'whatever is ordered to run this source digest')
      .option('--release <uid>', 'whatever is ordered to run this release')
      .option('--fleet', 'everything')
      .option('--to <goal>', 'previous-good, a commit, a release, or a moment', 'previous-good')
      .option('--reason <text>', 'why, for whoever finds it held')
      .option(
        '--at-once',
        'everybody at the same moment; otherwise those that are not well, then the others by quarters',
      )
      .option('--run-hooks', 'run the hooks of what it goes back to as well')
      .option('--no-repair', 'leave Git as it is: the targets are held until somebody else mends it')
      .option('--break-glass', 'pass the freezes there, with what it goes back to and nothing else')
      .option('--for <duration>', 'for how long the glass stays broken; 1h')
      .addOption(new Option('--dry-run', 'show what it would do, and change nothing'))
      .option('--no-diff', 'ask no agent what would change in its cluster')
      .option('-y, --yes', 'do not ask')
      .addOption(outputOption('json', 'yaml')),
  complete: (session, args) => (args.length === 0 ? namesOf(session, application) : Promise.resolve([])),
  run: runRollback,
});

async function runRollback(session: Session, args: readonly string[], options: RollbackOptions): Promise<number> {
  const api = await session.api();
  const params = { project: api.project };
  const selection = selectionOf(args, options);
  const { to, reason, output, atOnce = false, runHooks = false, repair = true } = options;
  const breakGlass = brokenFor(options);
  const glass = breakGlass !== undefined && { breakGlass };
  const body = { selection, to, ...glass };
  const preview = await api.client.call(operations.previewRollback, { params, body: { ...body, atOnce } });
  const { changes, more } = await changesOf(session, { ...body, runHooks }, options);
  if (options.dryRun && output) session.printExact(await structured({ ...preview, changes, more }, output));
  else if (!output) session.print(formatPage(previewPage(preview)) + orderDiffText({ changes, more }, session.tones));
  if (options.dryRun) return exitCodes.ok;
  if (!reason) throw new InputFault([{ path: '--reason', message: 'say why, for whoever finds it held' }]);
  const isAsked = !options.yes && preview.places.some(goesBack);
  if (isAsked && !(await askPerson(session, questionOf(preview)))) return exitCodes.failure;
  const order = { selection, to, reason, atOnce, runHooks, repair, standing: preview.standing };
  const opened = glass
    ? await sendOrder(api, operations.breakGlassRollback, { params, body: { ...order, ...glass } })
    : await sendOrder(api, operations.openRollback, { params, body: order });
  if (output) session.printExact(await structured(opened, output));
  else session.print(`rollback/${opened.metadata.uid} ordered\n`);
  session.note(`follow it with: flotilla wait rollback ${opened.metadata.uid}`);
  return exitCodes.ok;
}

/** Whoever does not look at it does not wait for agents either; and that nobody can tell it keeps nobody from going back. */
async function changesOf(
  session: Session,
  body: Pick<RollbackRequest, 'selection' | 'to' | 'runHooks' | 'breakGlass'>,
  { dryRun, output, yes, diff }: RollbackOptions,
): Promise<OrderDiffView> {
  const isShown = diff !== false && (dryRun || !(output || yes));
  if (!isShown) return noChanges;
  session.progress.show('asking agents what would change in their clusters …');
  const { client, project } = await session.api();
  return client.call(operations.diffRollback, { params: { project }, body }).catch((error: unknown) => {
    session.note(`what would change in clusters is not known: ${toFault(error).message}`);
    return noChanges;
  });
}

const noChanges: OrderDiffView = { changes: [], more: 0 };

/** Where nobody goes back there is nothing to say yes to: the control plane refuses the order, and says why. */
function goesBack({ waves, held }: RollbackPreviewView['places'][number]): boolean {
  return waves.length > 0 || held.count > 0;
}

function questionOf({ blast }: RollbackPreviewView): string {
  return `go back on ${blastText(blast)}`;
}

function selectionOf([name, ...more]: readonly string[], options: RollbackOptions): RollbackSelection {
  const [app, environment, cluster, ...rest] = name?.split('.') ?? [];
  if (more.length > 0 || rest.length > 0) {
    throw new InputFault([{ path: 'application', message: 'one at a time, as in checkout.production.eu-1' }]);
  }
  const parts = {
    application: app,
    environment: environment ?? options.environment,
    cluster: cluster ?? options.cluster,
    selector: options.selector,
    digest: options.digest,
    release: options.release,
    fleet: options.fleet,
  };
  const named = Object.entries(parts).filter(([, value]) => value !== undefined && value !== '');
  if (named.length === 0) throw new InputFault([{ path: 'application', message: 'say what goes back, or --fleet' }]);
  return Object.fromEntries(named);
}
