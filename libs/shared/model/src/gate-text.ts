import { shortCommit } from './names.ts';

/** A gate before a stage, with the release that stands before it. */
export interface GateLine {
  readonly revision: string;
  /** How the release stands there: `Skipped` never enters. */
  readonly state: string;
  readonly gate: string;
}

/** What a release before a stage waits for, or why it never enters: `1a2b3c4d waits before production: soak 4h`. */
export function gateText(environment: string, { revision, state, gate }: GateLine): string {
  return `${shortCommit(revision)} ${state === 'Skipped' ? 'never enters' : 'waits before'} ${environment}: ${gate}`;
}
