import { operations, type CandidateView, type StageView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import type { Page } from '../output/page.ts';
import { unpinCommand } from '../targets/unpin-command.ts';
import { ageText, nameColumn, sinceText, toneOf } from './cells.ts';
import { defineNoun, type Column } from './noun.ts';

const columns: readonly Column<StageView>[] = [
  nameColumn,
  { header: 'AFTER', text: ({ spec }) => spec.after.join(', ') },
  { header: 'PROMOTE', wide: true, text: ({ spec }) => spec.promote },
  { header: 'RUNS', text: runsText },
  { header: 'NEXT', text: (item) => (nextOf(item) ? shortCommit(nextOf(item)!.revision) : '') },
  { header: 'STATE', text: stateOf, tone: (item) => toneOf(stateOf(item)) },
  { header: 'WAITS FOR', text: (item) => gatesText(nextOf(item)) },
  { header: 'SINCE', moving: true, text: ({ status }, now) => ageText(status.changedAt, now) },
];

/** A stage that comes after others: what runs there, and what waits before it for whom. */
export const stage = defineNoun<StageView>({
  singular: 'stage',
  plural: 'stages',
  short: ['stg'],
  columns,
  filters: { application: ({ spec }) => spec.application, environment: ({ spec }) => spec.environment },
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client, project }, query) => client.list(operations.listStages, { params: { project }, query }),
  page: async ({ world }, item) => stagePage(item, world.clock.now()),
});

/** How things stand before a stage: each candidate with what it passed and what it waits for. */
export function stagePage(item: StageView, now: number): Page {
  const { metadata, spec, status } = item;
  return [
    {
      fields: [
        ['Stage', metadata.name],
        ['After', spec.after.join(', ')],
        ['Promote', spec.promote],
        ['Runs', status.revision ? shortCommit(status.revision) : 'nothing yet'],
        ['Held', status.holds?.map((hold) => holdText(hold, now)).join('; ')],
        ['Pinned', status.pinned?.map(pinText).join('; ')],
        ['Let go with', status.pinned && `${unpinCommand(spec)} (or --forward, to something newer alone)`],
        ['Record', status.unsaid && unsaidText(status.unsaid, now)],
        ['Waits', status.candidates.length === 0 ? 'nothing' : undefined],
      ],
    },
    ...status.candidates.flatMap((candidate) => candidatePage(candidate, now)),
  ];
}

function candidatePage(candidate: CandidateView, now: number): Page {
  const { revision, digest, state, passed, waits, untried, untriedSettings = [] } = candidate;
  const inputs = untried.map(({ path, tree = 'gone' }) => `${path} (${tree.slice(0, 8)})`);
  return [
    {
      fields: [
        ['Release', `${shortCommit(revision)}: ${state}`],
        ['Source digest', digest.slice(0, 12)],
        ['Passed', passed.join(', ') || undefined],
        ['Not run before', [...inputs, ...untriedSettings].join(', ') || undefined],
      ],
    },
    {
      title: state === 'Skipped' ? 'Never enters' : 'Waits for',
      headers: ['GATE', 'BLOCKED BY', 'SINCE', 'WHO CAN ACT', 'NEXT TRY'],
      rows: waits.map(({ gate, blockedBy, since, whoCanAct = '', nextTry }) =>
        [gate, blockedBy, sinceText(since, now) ?? '', whoCanAct, sinceText(nextTry, now) ?? ''].map((text) => ({
          text,
        })),
      ),
    },
  ];
}

type StageHold = NonNullable<StageView['status']['holds']>[number];

function holdText({ who, reason, since, until, revision }: StageHold, now: number): string {
  const what = revision ? `${shortCommit(revision)} ` : '';
  return `${what}by ${who}, ${sinceText(since, now)}${until ? `, until ${until}` : ''}: ${reason}`;
}

type StagePin = NonNullable<StageView['status']['pinned']>[number];

function pinText({ rollback, revision, targets }: StagePin): string {
  return `${counted(targets, 'target')} at ${shortCommit(revision)} by rollback ${rollback}`;
}

/** What entered, and how much of the stage a rollback holds at something else. */
function runsText({ status }: StageView): string {
  const targets = status.pinned?.reduce((sum, pin) => sum + pin.targets, 0);
  const parts = [status.revision && shortCommit(status.revision), targets && `${targets} pinned`];
  return parts.filter(Boolean).join(', ');
}

function unsaidText({ blockedBy, whoCanAct, nextTry }: StageUnsaid, now: number): string {
  const more = [whoCanAct && `${whoCanAct} can act`, nextTry && `next try ${sinceText(nextTry, now)}`];
  return [blockedBy, ...more.filter(Boolean)].join('; ');
}

type StageUnsaid = NonNullable<StageView['status']['unsaid']>;

/** What is held as a whole says so, whether anything waits for it or not. */
function stateOf(item: StageView): string {
  if (item.status.holds?.some(({ revision }) => !revision)) return 'Held';
  return nextOf(item)?.state ?? '';
}

function nextOf({ status }: StageView): CandidateView | undefined {
  return status.candidates.find(({ state }) => state === 'Enters' || state === 'Waits') ?? status.candidates[0];
}

function gatesText(candidate: CandidateView | undefined): string {
  return (candidate?.waits ?? []).map(({ gate }) => gate).join(', ');
}
