import { actorText, shortCommit } from '@flotilla/model';
import type { Repair } from './repairs.port.ts';

const repairTrailer = 'Flotilla-Repair';
const subjectMax = 72;
const conflictsNamed = 50;

/** Why the commit is there, for whoever finds it in the history, and by which it is known again here. */
export function repairMessage(repair: Repair): string {
  const { uid, rollback, paths, goodRevision, badRevision } = repair;
  return [
    repairTitle(repair),
    '',
    ...reasonLines(repair),
    '',
    `Below these paths everything is as it was at ${shortCommit(goodRevision)}, but for what changed after ${shortCommit(badRevision)}:`,
    ...paths.map((path) => `- ${oneLine(path) || '/'}`),
    '',
    `Flotilla-Rollback: ${rollback}`,
    `${repairTrailer}: ${uid}`,
    `Flotilla-Good-Revision: ${goodRevision}`,
    `Flotilla-Bad-Revision: ${badRevision}`,
  ].join('\n');
}

/** Whether a commit is the one that this repair has made before. Only the last paragraph holds trailers. */
export function isCommitOf(uid: string, message: string): boolean {
  const trailers = message.trimEnd().split('\n\n').at(-1) ?? '';
  return trailers.split('\n').includes(`${repairTrailer}: ${uid}`);
}

export function repairTitle({ applications, goodRevision }: Repair): string {
  const back = ` to ${shortCommit(goodRevision)}`;
  const [first = 'Git', ...others] = applications.map(oneLine);
  const all = `Take back ${[first, ...others].join(', ')}${back}`;
  return all.length <= subjectMax ? all : `Take back ${first} and ${others.length} more${back}`;
}

/** What a person reads who has to merge it; conflicts first, because they are what there is to decide. */
export function pullRequestBody(repair: Repair, conflicts: readonly string[]): string {
  const { rollback, goodRevision, badRevision, paths } = repair;
  return [
    ...reasonLines(repair),
    '',
    ...conflictLines(conflicts, badRevision),
    `Good revision: ${goodRevision}`,
    `Bad revision: ${badRevision}`,
    `Rollback: ${rollback}`,
    'Paths:',
    ...paths.map((path) => `- ${code(path || '/')}`),
  ].join('\n');
}

function conflictLines(conflicts: readonly string[], badRevision: string): string[] {
  if (conflicts.length === 0) return [];
  const more = conflicts.length > conflictsNamed ? [`- and ${conflicts.length - conflictsNamed} more`] : [];
  return [
    `**Decide before you merge.** These files changed after ${shortCommit(badRevision)} as well. This branch has them as they were when all was good, so merging it takes the newer changes away:`,
    ...conflicts.slice(0, conflictsNamed).map((path) => `- ${code(path)}`),
    ...more,
    '',
  ];
}

function reasonLines({ reason, actor }: Repair): string[] {
  return [oneLine(reason) || 'No reason was given.', '', `Asked for by ${oneLine(actorText(actor))}.`];
}

/** Whoever gives a reason writes a sentence, and no trailers of ours. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** A path as text and not as markup, whatever it is called. */
function code(path: string): string {
  return `\`${oneLine(path).replaceAll('`', "'")}\``;
}
