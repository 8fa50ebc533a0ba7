import { textAt, valueAt } from '../facts.ts';
import { healthy, progressing, reasonOf, type Health } from '../health.ts';
import { heavier } from './heavier.ts';
import { meaningOf } from './words.ts';

/** Fields of a status that hold one word about the whole. What is desired says nothing about what is. */
const telling = /^(?!desired).*(phase|state|status|health|compliant)$/i;

/** Kinds that end: while they run they are not done. */
const ending = /(Run|Job|Workflow|Task|Backup|Restore|Migration|Analysis|Experiment)$/;

/** What phases and states say; `undefined` when there are none, or none that is understood. */
export function healthByWords(status: Readonly<Record<string, unknown>>, kind: string): Health | undefined {
  let found: Health | undefined;
  for (const field of Object.keys(status)) {
    if (telling.test(field)) found = heavier(found, healthByWord(status, field, kind));
  }
  return found ?? byReadyFlag(status);
}

function healthByWord(status: Readonly<Record<string, unknown>>, field: string, kind: string): Health | undefined {
  // Some keep the word one level down: `health: {status: Healthy}`.
  const word = textAt(status, field) ?? textAt(status, field, 'status');
  if (word === undefined) return undefined;
  const meaning = ending.test(kind) && /^running$/i.test(word) ? 'Progressing' : meaningOf(word);
  if (meaning === undefined) return undefined;
  if (meaning === 'Healthy') return healthy;
  const message = textAt(status, 'message') ?? textAt(status, 'error') ?? textAt(status, 'reason');
  return { status: meaning, reason: reasonOf(word, message ?? `${field} is ${word}`) };
}

function byReadyFlag(status: Readonly<Record<string, unknown>>): Health | undefined {
  const ready = valueAt(status, 'ready');
  if (typeof ready !== 'boolean') return undefined;
  return ready ? healthy : progressing('NotReady', 'is not ready yet');
}
