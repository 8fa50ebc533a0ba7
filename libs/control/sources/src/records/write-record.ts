import { backoffMs, toFault, type Random } from '@flotilla/foundation';
import type { GitWriter, GitWriters } from '../git-writer.port.ts';
import { plainLine } from '../plain-line.ts';
import type { Repositories } from '../repositories.port.ts';
import { branchMoved, headOf, inTheWay, openToWrite, pushRefused, refOf } from '../written-branch.ts';
import { recordFile, recordMessage } from './record-file.ts';
import type { RecordEnd, RecordOrder, RecordOrders } from './record-orders.port.ts';

/** What writing records stands on. */
export interface RecordPorts {
  readonly records: RecordOrders;
  readonly repositories: Pick<Repositories, 'lookSoon'>;
  readonly writers: GitWriters;
  readonly random: Random;
}

/** How long whatever stands in the way is left alone: for longer each time, but never given up. */
const patience = { baseMs: 2_000, maxMs: 5 * 60_000 };
const reasonMax = 500;
/** So often another push may be faster in one try. */
const racesMax = 5;

/**
 * Writes down in Git what a stage runs, or is to, reads it back from the branch, and says in how long to come again. It may end
 * anywhere and begin again: a file that says so already is not written twice. It may also stand still anywhere while
 * something newer is asked for, and written by another process: then it writes nothing any more.
 */
export async function writeRecord(ports: RecordPorts, uid: string, signal: AbortSignal): Promise<number | undefined> {
  const order = await ports.records.find(uid);
  if (!order) return undefined;
  // Somebody marked it early.
  if (order.dueInMs > 0) return order.dueInMs;
  const end = await endOf(order, ports, signal);
  if (!end) return undefined;
  await ports.records.ended(order, end);
  return end.state === 'Failing' ? end.againInMs : undefined;
}

/** Nothing where it is not wanted any more, or another try has written it. */
async function endOf(order: RecordOrder, ports: RecordPorts, signal: AbortSignal): Promise<RecordEnd | undefined> {
  try {
    const writer = await openWriter(order, ports);
    const outcome = await writeOnHead(order, { writer, records: ports.records, signal });
    if (outcome === 'unwanted') return undefined;
    if (outcome === 'done') await ports.repositories.lookSoon(order.document!.uid);
    return { state: 'Written', commit: await readBack(order, writer, signal) };
  } catch (error) {
    // We are stopping: that says nothing about Git.
    signal.throwIfAborted();
    const { message } = toFault(error);
    const againInMs = backoffMs(order.failures + 1, patience, ports.random);
    return { state: 'Failing', reason: plainLine(message, reasonMax), againInMs };
  }
}

function openWriter(order: RecordOrder, { writers }: RecordPorts): Promise<GitWriter> {
  const { repository, document } = order;
  if (!document) {
    const message = `repository ${repository} is not there any more`;
    throw inTheWay(order, { code: 'not-found', reason: 'RepositoryMissing', message });
  }
  if (document.document.spec.write?.mode === 'pullRequest') {
    const message = `repository ${repository} takes pull requests only, and a record is pushed; name one whose spec.write.mode is push`;
    throw inTheWay(order, { code: 'invalid', reason: 'PushNotAllowed', message });
  }
  return openToWrite(writers, order, document);
}

interface Writing {
  readonly writer: GitWriter;
  readonly records: Pick<RecordOrders, 'find'>;
  readonly signal: AbortSignal;
}

/** Who loses a race against another push builds on what is there by then. */
async function writeOnHead(order: RecordOrder, writing: Writing): Promise<'done' | 'nothing' | 'unwanted'> {
  for (let race = 1; ; race++) {
    const outcome = await write(order, writing);
    if (outcome !== 'moved') return outcome;
    if (race === racesMax) throw branchMoved(order, patience.baseMs);
  }
}

/**
 * The head first, and then whether it is wanted still. Whatever is asked for later begins with a later head, and its file is
 * never the same: it moves the head, and the push from here fails, however late it arrives.
 */
async function write(
  order: RecordOrder,
  { writer, records, signal }: Writing,
): Promise<'done' | 'moved' | 'nothing' | 'unwanted'> {
  const { branch, path, by, askedAt } = order;
  const head = await headOf(order, writer, signal);
  if (!(await records.find(order.uid))) return 'unwanted';
  const at = askedAt.getTime();
  const flotilla = { name: 'Flotilla', email: 'flotilla@flotilla.invalid', at };
  const commit = await writer.commitFiles({
    head,
    changes: new Map([[path, { content: Buffer.from(recordFile(order)) }]]),
    message: recordMessage(order),
    author: by === null ? flotilla : { ...flotilla, name: by },
    committer: flotilla,
    signal,
  });
  if (!commit) return 'nothing';
  const outcome = await writer.push({ ref: refOf(branch), before: commit.parent, commit, signal });
  switch (outcome.kind) {
    case 'done':
    case 'moved':
      return outcome.kind;
    case 'refused':
      throw pushRefused(order, outcome.why);
  }
}

/** The head of the branch, which says what was written: it counts from there on, and not before. */
async function readBack(order: RecordOrder, writer: GitWriter, signal: AbortSignal): Promise<string> {
  const { path, branch, repository } = order;
  const commit = await headOf(order, writer, signal);
  const folder = path.slice(0, path.lastIndexOf('/'));
  const { trees } = await writer.pull({ commit, paths: [folder], files: true, signal });
  const tree = trees.get(folder);
  const files = tree ? await writer.files(tree) : [];
  const name = path.slice(folder.length + 1);
  const found = files.find((file) => file.path === name);
  if (found && Buffer.from(found.content).toString('utf8') === recordFile(order)) return commit;
  const message = `${path} on ${branch} of ${repository} says something else than was written`;
  throw inTheWay(order, { code: 'conflict', reason: 'RecordChanged', message });
}
