import {
  compareFences,
  mergeEntries,
  noFence,
  type DesiredEntry,
  type DesiredSet,
  type Fence,
  type SetChange,
  type WishedAgent,
} from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';

/** What an agent does with a change that was verified. */
export type SetDecision =
  | { readonly kind: 'accepted'; readonly set: DesiredSet; readonly changed: readonly string[] }
  /** It says nothing new: sent twice, or overtaken. */
  | { readonly kind: 'old' }
  /** It builds on what we do not hold: the whole set has to be asked for. */
  | { readonly kind: 'unmergeable'; readonly why: string };

/** Everything this cluster shall run, as far as the agent knows. Pure: deciding changes nothing. */
export class HeldSet {
  readonly fence: Fence;
  readonly digest: string;
  /** The agent that this cluster shall run from now on, while one is wished. */
  readonly agent: WishedAgent | undefined;
  readonly #entries: ReadonlyMap<string, DesiredEntry>;

  constructor(set: DesiredSet | undefined) {
    this.fence = set?.fence ?? noFence;
    this.agent = set?.agent;
    this.#entries = new Map((set?.entries ?? []).map((entry) => [entry.target, entry]));
    this.digest = set ? setDigest(set.entries.map(entryDigest)) : '';
  }

  get entries(): readonly DesiredEntry[] {
    return [...this.#entries.values()];
  }

  entry(target: string): DesiredEntry | undefined {
    return this.#entries.get(target);
  }

  decide(change: SetChange): SetDecision {
    const fence = { epoch: change.epoch, generation: change.generation };
    if (compareFences(fence, this.fence) <= 0) return { kind: 'old' };
    const isWhole = change.previous === 0;
    if (!isWhole && (change.epoch !== this.fence.epoch || change.previous > this.fence.generation)) {
      return { kind: 'unmergeable', why: `it builds on generation ${change.previous}` };
    }
    const entries = mergeEntries(this.entries, change);
    if (setDigest(entries.map(entryDigest)) !== change.setDigest) {
      return { kind: 'unmergeable', why: 'the merged set has another digest' };
    }
    const changed = entries.filter((entry) => this.#differs(entry));
    const listed = new Set(entries.map(({ target }) => target));
    const gone = this.entries.filter(({ target }) => !listed.has(target));
    const { agent } = change;
    const set = { fence, entries, ...(agent && { agent }) };
    return { kind: 'accepted', set, changed: [...changed, ...gone].map(({ target }) => target) };
  }

  /** By content, not by generation: in a new epoch a generation may have been spent twice. */
  #differs(entry: DesiredEntry): boolean {
    const held = this.#entries.get(entry.target);
    return held === undefined || entryDigest(held) !== entryDigest(entry);
  }
}
