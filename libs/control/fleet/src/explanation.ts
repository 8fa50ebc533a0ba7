/** One line of an answer to "why is this target as it is?". */
export interface Explanation {
  readonly state: string;
  readonly blockedBy?: string;
  readonly since?: string;
  readonly whoCanAct?: string;
  readonly nextTry?: string;
}
