import type { DesiredEntry } from '@flotilla/model';
import type { ApplicationFacts, ReleaseContent, ReleaseFacts, StageFacts } from '../facts.ts';

/**
 * What a target runs: a release, where its files are, and how they become manifests. They change together or not at
 * all: the path of today at the commit of yesterday is something that nobody ever released.
 */
export type EntryContent = Pick<DesiredEntry, 'release' | 'sourceDigest' | 'source' | 'render'>;

/** What speaks for what one target shall run. */
export interface ContentClaims {
  /** Source digests that enter nowhere. */
  readonly refused: ReadonlySet<string>;
  /** What a rollback holds it at. */
  readonly pinned?: EntryContent | undefined;
  /** The release that enters its environment now, and that it was admitted to. */
  readonly entering?: EntryContent | undefined;
  /** What it runs, where it was not admitted to anything newer. */
  readonly standing?: EntryContent | undefined;
  /** What its environment runs. */
  readonly settled?: EntryContent | undefined;
  /** What it is ordered to run as it is, where nobody else has a say. */
  readonly kept?: EntryContent | undefined;
  /** What the others in its environment are held at, for one that comes new. */
  readonly held?: EntryContent | undefined;
}

/**
 * What a target shall run: the order of authority among those who have a say, in one place. Only a freeze stands above
 * it, because it holds more than the content: `under-freeze.ts` keeps the whole standing entry, settings and all.
 * Quarantine takes back nothing that stands; it keeps a digest from entering.
 */
export function targetContent(claims: ContentClaims): EntryContent | undefined {
  const { refused, pinned, entering, standing, settled, kept, held } = claims;
  const mayEnter = (each: EntryContent | undefined) => each && !refused.has(each.sourceDigest);
  return [pinned, entering].find(mayEnter) ?? standing ?? [settled].find(mayEnter) ?? kept ?? held;
}

/** A release as it was made for an environment; `undefined` where it is from a version that did not keep that. */
export function contentOf(release: ReleaseFacts, environment: string): EntryContent | undefined {
  const content = release.contents[environment];
  return content && entryContent(release, environment, content);
}

/** A release of those inputs that a stage has today. */
export function contentOfToday(release: ReleaseFacts, stage: StageFacts, application: ApplicationFacts): EntryContent {
  return entryContent(release, stage.environment, contentAtHead(stage, application));
}

/** What a release of today is made of in one stage. */
export function contentAtHead({ path, also, render, head }: StageFacts, application: ApplicationFacts): ReleaseContent {
  return {
    source: { url: application.repositoryUrl ?? '', path, also: [...also] },
    ...(render && { render }),
    ...(head && { trees: head.trees.map((tree) => tree ?? null) }),
  };
}

function entryContent(
  { uid, revision, digests }: ReleaseFacts,
  environment: string,
  content: ReleaseContent,
): EntryContent {
  const { url, path, also } = content.source;
  return {
    release: uid,
    sourceDigest: digests[environment] ?? '',
    source: { url, revision, path, also },
    ...(content.render && { render: content.render }),
  };
}
