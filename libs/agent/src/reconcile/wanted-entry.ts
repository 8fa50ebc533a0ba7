import { shortCommit, type DesiredEntry } from '@flotilla/model';
import type { Bundle } from '../keep/target-record.ts';
import type { Said } from '../live/said.ts';
import type { Freezing } from './freezing.ts';

/** How a person says it who does not know by heart what ran before. */
const previousGood = 'previous-good';
/** Fewer characters than this name no commit. */
const commitCharactersMin = 7;

/**
 * What a target is to run: what its entry says, or the held bundle that a person pinned it to, that a freeze holds, or that
 * it went back to by itself. A
 * pin outranks every set, a freeze in it as well; it needs nothing but the cluster, and deletes nothing. One that names
 * what is not held stops the target where it is.
 */
export function wantedEntry(
  ordered: DesiredEntry | undefined,
  { bundles, pin, freezing, retreat }: Holding,
): DesiredEntry | undefined {
  if (!ordered) return undefined;
  const bundle = pin ? pinnedBundle(ordered, bundles, pin.text) : (freezing?.bundle ?? retreat);
  if (pin && !bundle) return { ...ordered, suspended: unheld(pin, bundles) };
  return bundle ? entryOfBundle(ordered, bundle) : ordered;
}

/** What may keep a target from what its entry says. */
interface Holding {
  readonly bundles: readonly Bundle[];
  readonly pin: Said | undefined;
  readonly freezing: Freezing | undefined;
  /** What it went back to by itself. */
  readonly retreat?: Bundle | undefined;
}

function entryOfBundle(ordered: DesiredEntry, bundle: Bundle): DesiredEntry {
  const { sourceDigest, source, render, clusterLabels, release = ordered.release } = bundle;
  const { render: _, ...rest } = { ...(clusterLabels && { clusterLabels }), ...ordered };
  const content = { release, sourceDigest, source, ...(render && { render }) };
  return { ...rest, intent: 'run', ...content, sync: { ...ordered.sync, prune: false } };
}

function pinnedBundle(ordered: DesiredEntry, bundles: readonly Bundle[], text: string): Bundle | undefined {
  return text === previousGood ? goodBefore(ordered, bundles) : bundles.find((held) => isNamed(held, text));
}

/** The newest held that was well and is not what is ordered: it stays the same while the pin runs it. */
function goodBefore({ sourceDigest }: DesiredEntry, bundles: readonly Bundle[]): Bundle | undefined {
  return bundles.find((held) => held.good === true && held.sourceDigest !== sourceDigest);
}

function isNamed({ sourceDigest, source }: Bundle, text: string): boolean {
  return sourceDigest === text || (text.length >= commitCharactersMin && source.revision.startsWith(text));
}

function unheld({ text, by = 'somebody', at = '' }: Said, bundles: readonly Bundle[]) {
  const held = bundles.map(({ source }) => shortCommit(source.revision)).join(', ') || 'none';
  return { by, since: at, reason: `it is pinned to ${text}, which is not held here; held are: ${held}` };
}
