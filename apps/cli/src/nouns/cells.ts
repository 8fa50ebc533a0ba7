import { formatAge } from '@flotilla/foundation';
import type { Reason } from '@flotilla/model';
import type { Column } from './noun.ts';
import type { Tone } from '../output/tones.ts';

interface HasMetadata {
  readonly metadata: { readonly name: string; readonly createdAt: string };
}

export const nameColumn: Column<HasMetadata> = { header: 'NAME', text: ({ metadata }) => metadata.name };

export const ageColumn: Column<HasMetadata> = {
  header: 'AGE',
  moving: true,
  text: ({ metadata }, now) => ageText(metadata.createdAt, now),
};

/** How long ago an instant of the wire was; empty when it is not known. */
export function ageText(instant: string | undefined, now: number): string {
  const at = Date.parse(instant ?? '');
  return Number.isNaN(at) ? '' : formatAge(now - at);
}

/** An instant and how long ago it was: `2026-01-01T00:00:00.000Z (5m ago)`. */
export function sinceText(instant: string | undefined, now: number): string | undefined {
  if (!instant) return undefined;
  const at = Date.parse(instant);
  if (Number.isNaN(at)) return instant;
  return at > now ? `${instant} (in ${formatAge(at - now)})` : `${instant} (${formatAge(now - at)} ago)`;
}

/** How long one thing took after another: empty while it has not happened. */
export function spanText(from: string, to: string | undefined): string {
  return to ? formatAge(Date.parse(to) - Date.parse(from)) : '';
}

export function reasonText({ code, message }: Reason): string {
  return `${code}: ${message}`;
}

const tones: Readonly<Record<string, Tone>> = {
  Active: 'good',
  Synced: 'good',
  Healthy: 'good',
  Connected: 'good',
  Finished: 'good',
  Pushed: 'good',
  Merged: 'good',
  PullRequestOpen: 'moving',
  Writing: 'moving',
  Conflict: 'bad',
  InForce: 'moving',
  Ended: 'faint',
  Expired: 'faint',
  Upgraded: 'good',
  Upgrading: 'moving',
  Failed: 'bad',
  Skipped: 'faint',
  OutOfSync: 'moving',
  Progressing: 'moving',
  Suspended: 'moving',
  Pending: 'moving',
  Running: 'moving',
  Degraded: 'bad',
  Missing: 'bad',
  Ahead: 'bad',
  Lost: 'bad',
  Revoked: 'bad',
  Deaf: 'bad',
  Unknown: 'faint',
  Superseded: 'faint',
};

/** The colour of a status word, the same wherever the word stands. */
export function toneOf(word: string): Tone | undefined {
  return tones[word];
}
