import { shortCommit } from '../names.ts';

/** What runs, or ran, on one target. */
export interface Ran {
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  readonly revision: string;
  readonly sourceDigest?: string | undefined;
  readonly images?: readonly string[] | undefined;
}

/** One thing that differs, as a row: what stands on the one side, and what on the other. */
export interface RanDifference {
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  /** `runs` where only one side has it at all. */
  readonly what: 'runs' | 'revision' | 'source digest' | 'images';
  readonly left: string;
  readonly right: string;
}

/**
 * How two sides differ. Two moments of a fleet are compared target by target. Two clusters are compared application by
 * application, each in the same environment or else, where it runs once on each, in whichever it does.
 */
export function compareRan(
  left: readonly Ran[],
  right: readonly Ran[],
  between: 'moments' | 'clusters',
): readonly RanDifference[] {
  const place = (ran: Ran) => `${ran.application}/${ran.environment}${between === 'moments' ? `/${ran.cluster}` : ''}`;
  const same = paired(left, right, place);
  const moved = between === 'clusters' ? paired(same.left, same.right, ({ application }) => application) : same;
  const pairs = between === 'clusters' ? [...same.pairs, ...moved.pairs] : same.pairs;
  return [
    ...pairs.flatMap(([one, other]) => differencesOf(one, other)),
    ...moved.left.map((one) => onlyOne(one, { left: 'yes', right: 'no' })),
    ...moved.right.map((other) => onlyOne(other, { left: 'no', right: 'yes' })),
  ].toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
}

interface Paired {
  readonly pairs: readonly (readonly [Ran, Ran])[];
  /** What has no partner, on either side. */
  readonly left: readonly Ran[];
  readonly right: readonly Ran[];
}

/** Pairs what has the same key, where it stands once on each side. */
function paired(left: readonly Ran[], right: readonly Ran[], keyOf: (ran: Ran) => string): Paired {
  const [lefts, rights] = [left, right].map((side) => Map.groupBy(side, keyOf));
  const partnerOf = (ran: Ran) => {
    const [ones, others] = [lefts!.get(keyOf(ran)) ?? [], rights!.get(keyOf(ran)) ?? []];
    return ones.length === 1 && others.length === 1 ? others[0] : undefined;
  };
  const pairs = left.flatMap((one) => {
    const other = partnerOf(one);
    return other ? [[one, other] as const] : [];
  });
  const alone = (ran: Ran) => partnerOf(ran) === undefined;
  return { pairs, left: left.filter(alone), right: right.filter(alone) };
}

function differencesOf(one: Ran, other: Ran): RanDifference[] {
  return [
    row(one, 'revision', shortCommit(one.revision), shortCommit(other.revision)),
    ...(one.sourceDigest && other.sourceDigest
      ? [row(one, 'source digest', shortDigest(one.sourceDigest), shortDigest(other.sourceDigest))]
      : []),
    ...(one.images && other.images
      ? [row(one, 'images', withoutAll(one.images, other.images), withoutAll(other.images, one.images))]
      : []),
  ].filter(({ left, right }) => left !== right);
}

function onlyOne(ran: Ran, { left, right }: { readonly left: string; readonly right: string }): RanDifference {
  return row(ran, 'runs', left, right);
}

function row(
  { application, environment, cluster }: Ran,
  what: RanDifference['what'],
  left: string,
  right: string,
): RanDifference {
  return { application, environment, cluster, what, left, right };
}

function withoutAll(images: readonly string[], others: readonly string[]): string {
  return images.filter((image) => !others.includes(image)).join(', ');
}

/** A digest as people read it. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

function orderOf({ application, environment, cluster }: RanDifference): string {
  return `${application}/${environment}/${cluster}`;
}
