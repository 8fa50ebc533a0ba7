import { isRecord, valueAt } from '../facts.ts';
import type { Health } from '../health.ts';
import { healthByWords } from './by-words.ts';
import { heavier } from './heavier.ts';

/** Where controllers keep one status for each of several places. Never what has been, such as a history. */
const places = ['statuses', 'aggregatedStatus', 'environments', 'clusters', 'members'];

/** What the phases and states of the parts of an object say: the heaviest of them. */
export function healthByParts(status: Readonly<Record<string, unknown>>, kind: string): Health | undefined {
  const parts = places.flatMap((place) => Object.values(valueAt(status, place) ?? {}) as unknown[]).filter(isRecord);
  let found: Health | undefined;
  for (const part of parts) {
    const health = healthByWords(part, kind);
    // Of a part that nobody knows nothing follows for the whole.
    if (health?.status !== 'Unknown') found = heavier(found, health);
  }
  return found;
}
