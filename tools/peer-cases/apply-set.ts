import { applySetId, checkParent } from '@flotilla/agent';
import { TargetWorld } from '@flotilla/agent/testing';
import { keyOfObject, objectTitle, type KubeObject } from '@flotilla/model';
import type { Adapter, Compared, PeerCase } from './peer-case.ts';

/**
 * kubectl's ApplySet. Where steps are told, the loop of the agent goes them on a cluster in memory. We name no parent by
 * hand, so how one is named is not offered.
 */
export const applySet: Adapter = (peerCase) => offered[peerCase.mode ?? '']?.(peerCase);

const offered: Readonly<Record<string, Adapter>> = { id, liveParent, member, sequence: steps, prune: steps };

interface Parent {
  readonly name: string;
  readonly namespace: string;
}

interface Step {
  readonly apply: readonly (string | KubeObject)[];
  readonly fault?: string;
  readonly expected: {
    readonly parent?: Pick<KubeObject['metadata'], 'labels' | 'annotations'>;
    readonly pruned?: readonly string[];
    readonly error?: string;
    readonly output?: string;
    readonly live?: readonly KubeObject[];
  };
}

const idLabel = 'applyset.kubernetes.io/id';
const partOf = 'applyset.kubernetes.io/part-of';
const toolingAnnotation = 'applyset.kubernetes.io/tooling';
/** The one fault that cases know, in the words of client-go. */
const serverError = 'an error on the server ("") has prevented the request from succeeding';

function id({ parent, expected }: PeerCase): Compared {
  const { name, namespace, kind, group } = parent as Parent & { readonly kind: string; readonly group: string };
  if (kind !== 'Secret' || group !== '') return undefined;
  return { expected: expected?.['id'], actual: applySetId(name, namespace) };
}

/** Whether a parent is refused, and whether every name in their words (but that of the parent) stands in ours. */
function liveParent({ live, tool, expected = {} }: PeerCase): Compared {
  const refusal = refusalOf(() => checkParent(live as KubeObject, tool as string));
  const theirs = expected['error'] as string | null;
  if (theirs === null || refusal === undefined) return { expected: theirs, actual: refusal ?? null };
  const names = [...theirs.matchAll(/"([^"]+)"/g)].flatMap(([, name]) => (name!.startsWith('secrets.') ? [] : name!));
  return { expected: names, actual: names.filter((name) => refusal.includes(`"${name}"`)) };
}

async function member({ input, expected = {} }: PeerCase): Promise<Compared> {
  const world = await TargetWorld.open();
  await world.run([JSON.stringify(input)]);
  const [label] = /"([^"]+)"/.exec(String(expected['error']))?.slice(1) ?? [];
  const { code, message } = world.status()!.reason ?? {};
  return { expected: 'ManifestsInvalid', actual: message?.includes(label!) ? code : message };
}

async function steps({ parent, steps: told }: PeerCase): Promise<Compared> {
  const world = await TargetWorld.open((parent as Parent).namespace);
  const comparisons = [];
  for (const step of told as readonly Step[]) comparisons.push(await compareStep(world, parent as Parent, step));
  return { expected: comparisons.map(({ expected }) => expected), actual: comparisons.map(({ actual }) => actual) };
}

async function compareStep(world: TargetWorld, parent: Parent, { apply, fault, expected }: Step) {
  const objects = apply.map((each) => (typeof each === 'string' ? objectCalled(each) : each));
  const before = new Set(world.api.all().map((object) => objectTitle(keyOfObject(object))));
  world.api.writes.length = 0;
  world.failing.fail(...(fault ? [{ on: 'delete', fault: { ...failed, message: serverError } }] : []));
  await world.run(
    objects.map((object) => JSON.stringify(object)),
    { namespace: parent.namespace },
  );
  await approve(world);
  const { rule: _, ...told } = expected as Step['expected'] & { readonly rule?: string };
  const theirs = { ...told, ...(told.live && { live: inOrder(told.live) }) };
  const ours = {
    parent: parentOf(world, parent),
    pruned: deleted(world),
    error: refusedDeletes(world).map(({ title }) => `pruning ${title}`)[0],
    output: outputOf(world, objects, before),
    live: inOrder(membersOf(world, parent)),
  };
  return {
    expected: theirs,
    actual: Object.fromEntries(Object.keys(theirs).map((name) => [name, ours[name as keyof typeof ours]])),
  };
}

const failed = { code: 'internal', reason: 'ApiServerFailed' } as const;

/** Who prunes with kubectl has said so; we ask where more goes than one object. */
async function approve(world: TargetWorld): Promise<void> {
  const [, digest] = /approve-prune=(\w+)/.exec(world.status()?.reason?.message ?? '') ?? [];
  if (digest) await world.annotateRecord({ 'flotilla.dev/approve-prune': digest });
}

function objectCalled(title: string): KubeObject {
  const [, kind, namespace, name] = /^(\w+) (?:([^/]+)\/)?(.+)$/.exec(title)!;
  return { apiVersion: 'v1', kind: kind!, metadata: { name: name!, ...(namespace && { namespace }) } };
}

/** Ours has another name, and so another id: it is read as the id of the case where it is the right one for its name. */
function renamed(world: TargetWorld, parent: Parent, label: string | undefined): string | undefined {
  const { name, namespace } = world.ports.records.keyOf('target1');
  return label === applySetId(name, namespace!) ? applySetId(parent.name, parent.namespace) : label;
}

function parentOf(world: TargetWorld, parent: Parent) {
  const { labels = {}, annotations = {} } = world.record()?.metadata ?? {};
  const ofSet = Object.entries(annotations).filter(([name]) => name.startsWith('applyset.kubernetes.io/'));
  const tooling = annotations[toolingAnnotation]?.replace(/^[^/]+\/v\d+\.\d+\.\d+$/, '<tool>/<semver>');
  return {
    labels: { [idLabel]: renamed(world, parent, labels[idLabel]) },
    annotations: { ...Object.fromEntries(ofSet), [toolingAnnotation]: tooling },
  };
}

function deleted(world: TargetWorld): string[] {
  return world.api.writes.flatMap((line) => /^delete (.+) by flotilla$/.exec(line)?.[1] ?? []);
}

function refusedDeletes(world: TargetWorld) {
  return world
    .status()!
    .resources.flatMap(({ kind, namespace, name, reason, group }) =>
      reason?.code === 'PrunePending'
        ? [{ title: objectTitle({ group, kind, name, ...(namespace && { namespace }) }), words: reason.message }]
        : [],
    );
}

/** What kubectl would print of the same doings. */
function outputOf(world: TargetWorld, objects: readonly KubeObject[], before: ReadonlySet<string>): string {
  const applied = objects.map((object) => {
    const title = objectTitle(keyOfObject(object));
    const isWritten = world.api.writes.includes(`apply ${title} by flotilla`);
    return `${printed(title)} ${isWritten ? (before.has(title) ? 'configured' : 'created') : 'unchanged'}`;
  });
  const pruned = deleted(world).map((title) => `${printed(title)} pruned`);
  const refused = refusedDeletes(world).map(({ title, words }) => `error: pruning ${title}: ${words}`);
  return [...applied, ...pruned, ...refused, ''].join('\n');
}

function printed(title: string): string {
  const { kind, metadata } = objectCalled(title);
  return `${kind.toLowerCase()}/${metadata.name}`;
}

function membersOf(world: TargetWorld, parent: Parent): KubeObject[] {
  const members = world.api.all().filter(({ metadata }) => metadata.labels?.[partOf] !== undefined);
  return members.map(({ apiVersion, kind, metadata: { name, namespace, labels } }) => ({
    apiVersion,
    kind,
    metadata: { labels: { [partOf]: renamed(world, parent, labels![partOf])! }, name, ...(namespace && { namespace }) },
  }));
}

/** A set has no order. */
function inOrder(objects: readonly KubeObject[]): KubeObject[] {
  return objects.toSorted((left, right) => left.metadata.name.localeCompare(right.metadata.name));
}

function refusalOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
