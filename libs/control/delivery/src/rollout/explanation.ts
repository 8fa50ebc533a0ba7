/** What somebody waits for: by what it is blocked, since when, who can act with which command, and when time alone goes on. */
export interface Explanation {
  /** What is going on, in a few words. */
  readonly state: string;
  readonly blockedBy: string;
  /** ISO 8601, as `nextTry` is. */
  readonly since?: string;
  readonly whoCanAct: string;
  readonly nextTry?: string;
}
