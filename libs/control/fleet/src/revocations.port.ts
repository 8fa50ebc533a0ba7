/** Which keys the broker must refuse, by the record. */
export interface Revocations {
  /**
   * Each key, and since when. Keys of revoked clusters, and those whose successor was heard an hour ago; a key whose last
   * identity ran out is refused anyway and left out, so that the list does not grow for ever.
   */
  wanted(now: number): Promise<ReadonlyMap<string, number>>;
  /** The broker was seen to refuse these. */
  refused(userKeys: readonly string[], now: number): Promise<void>;
}
