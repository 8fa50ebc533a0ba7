/** So many paths come along with one that is read: their objects have to fit into memory until their turn comes. */
const companyMax = 64;
/** Places of which something is expected; the one that was named longest ago is forgotten first. */
const placesMax = 64;

interface Company {
  readonly paths: ReadonlySet<string>;
  readonly arrives: Promise<void>;
}

/**
 * Paths that will be read soon, by the place that they are at: one commit of one remote. One commit changes a thousand
 * applications of a cluster, and whoever is read first brings the next ones along: a Git host is asked a few times, and
 * not a few times for each of them.
 */
export class ExpectedPulls {
  readonly #expected = new Map<string, Set<string>>();
  /** What is on its way, by place: one company at a time, so that no more than one is held before its turn. */
  readonly #coming = new Map<string, Company>();

  expect(place: string, paths: readonly string[]): void {
    const expected = this.#expected.get(place) ?? new Set();
    for (const path of paths) expected.add(path);
    this.#expected.set(place, expected);
    if (this.#expected.size > placesMax) this.#expected.delete(this.#expected.keys().next().value!);
  }

  /**
   * Pulls these paths together with their neighbours, if there are any, or waits until the pull that brings them along
   * ends. The first path is the reader's own, and the others may be shared by many. It never fails: what did not come is pulled, and explained, by whoever reads it. Where one pull failed, nobody
   * takes company any more, because one path that cannot be pulled keeps all of them back.
   */
  async bring(
    place: string,
    paths: readonly string[],
    pull: (paths: readonly string[]) => Promise<unknown>,
  ): Promise<void> {
    const [own = ''] = paths;
    for (let coming = this.#coming.get(place); coming; coming = this.#coming.get(place)) {
      const isMine = coming.paths.has(own);
      if (!isMine && !this.#isExpected(place, own)) return;
      await coming.arrives;
      if (isMine) return;
    }
    if (!this.#isExpected(place, own)) return;
    const company = this.#take(place, paths);
    if (company.length <= paths.length) return;
    const arrives = pull(company).then(
      () => undefined,
      () => void this.#expected.delete(place),
    );
    this.#coming.set(place, { paths: new Set(company), arrives });
    await arrives;
    this.#coming.delete(place);
  }

  #isExpected(place: string, path: string): boolean {
    return this.#expected.get(place)?.has(path) ?? false;
  }

  /** These paths and those that come along, none of which is expected any more. */
  #take(place: string, paths: readonly string[]): string[] {
    const expected = this.#expected.get(place)!;
    for (const path of paths) expected.delete(path);
    const along = [...expected].slice(0, companyMax);
    for (const path of along) expected.delete(path);
    if (expected.size === 0) this.#expected.delete(place);
    return [...paths, ...along];
  }
}
