import type { IgnoreRule, KubeObject } from '@flotilla/model';
import {
  diffObjects,
  ignoreFields,
  locateField,
  maskSecrets,
  type FieldDifference,
} from '@flotilla/workload-manifests';
import { PeerApiServer } from './peer-api-server.ts';
import type { Adapter, PeerCase } from './peer-case.ts';

/** One operation of a JSON patch, as far as we tell of it. */
interface Change {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
  readonly oldValue?: unknown;
}

interface FluxOptions {
  readonly IgnoreRules?: readonly { readonly Paths: readonly string[]; readonly Selector?: Record<string, string> }[];
  readonly MaskSecrets?: boolean;
}

/**
 * Flux's diff against a real API server, which says itself what an apply would make. Not offered: excluding objects by a
 * label, which we do by drift rules, secrets in the clear, and all of it where there is no API server (`npm run
 * envtest:install`).
 */
export const dryRunDiff: Adapter = async (peerCase) => {
  const { IgnoreRules: ignore = [], MaskSecrets: masks, ...others } = (peerCase['options'] ?? {}) as FluxOptions;
  const rules = ignore.map(ruleOf);
  const isOffered = Object.keys(others).length === 0 && masks !== false && rules.every((rule) => rule !== undefined);
  const server = isOffered ? await PeerApiServer.find() : undefined;
  if (!server) return undefined;
  const asked = server.alone(() => actualOf(server, peerCase, rules));
  if (peerCase.expected?.['error'] !== true) return { expected: expectedOf(peerCase), actual: await asked };
  const refused = asked.then(
    () => 'accepted',
    () => 'refused',
  );
  return { expected: 'refused', actual: await refused };
};

/** A selector by plain names; one with a pattern or a label means something that our rules do not say. */
function ruleOf({ Paths, Selector = {} }: NonNullable<FluxOptions['IgnoreRules']>[number]): IgnoreRule | undefined {
  const { Group, Kind, Name, Namespace, Version: _, ...others } = Selector;
  const words = [Group, Kind, Name, Namespace].filter((word) => word !== undefined);
  if (Object.keys(others).length > 0 || !words.every((word) => /^[\w.-]*$/.test(word))) return undefined;
  return { group: Group, kind: Kind, name: Name, namespace: Namespace, jsonPointers: [...Paths] };
}

interface FluxDiff {
  readonly type: string;
  readonly patch?: readonly Change[];
}

function expectedOf({ expected = {} }: PeerCase): unknown {
  const told = [expected['diff'] as FluxDiff | readonly FluxDiff[]].flat();
  return told.map(({ type, patch = [] }) => ({ type, patch: sorted(patch.flatMap(inLeaves)) }));
}

/** A mapping that is added or removed whole is each of its values to us. */
function inLeaves({ op, path, value, oldValue }: Change): Change[] {
  const whole = value ?? oldValue;
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole) || op === 'replace') {
    return [{ op, path, ...sidesOf(value, oldValue) }];
  }
  return Object.entries(whole).flatMap(([name, child]) =>
    inLeaves({
      op,
      path: `${path}/${escaped(name)}`,
      ...(op === 'add' ? { value: child as unknown } : { oldValue: child as unknown }),
    }),
  );
}

/** What is hidden is hidden, whatever stands for it. */
function sidesOf(value: unknown, oldValue: unknown): Pick<Change, 'value' | 'oldValue'> {
  const shown = (side: unknown) => (typeof side === 'string' && /^(\*\*\*|••)/.test(side) ? 'hidden' : side);
  return {
    ...(value !== undefined && { value: shown(value) }),
    ...(oldValue !== undefined && { oldValue: shown(oldValue) }),
  };
}

async function actualOf(
  server: PeerApiServer,
  peerCase: PeerCase,
  rules: readonly (IgnoreRule | undefined)[],
): Promise<unknown> {
  const { fieldManager: manager = 'flotilla' } = peerCase as { readonly fieldManager?: string };
  for (const object of objectsOf(peerCase['cluster'])) await server.create(object, manager);
  const diffs: FluxDiff[] = [];
  for (const desired of objectsOf(peerCase['desired'])) {
    const live = await server.get(desired);
    const predicted = await server.dryRun(desired, manager);
    const [maskedLive, masked] = maskSecrets([live, predicted]);
    const sides = { live: maskedLive, desired: masked, predicted: masked };
    const found = diffObjects(
      ignoreFields(
        sides,
        rules.filter((rule) => rule !== undefined),
      ),
    );
    const patch = live ? sorted(found.map((difference) => changeOf(difference, masked, maskedLive))) : [];
    diffs.push({ type: live ? (patch.length > 0 ? 'update' : 'none') : 'create', patch });
  }
  return diffs;
}

function objectsOf(given: unknown): readonly KubeObject[] {
  return [given as KubeObject | readonly KubeObject[] | undefined].flat().filter((object) => object !== undefined);
}

function changeOf({ path, live, desired }: FieldDifference, ...objects: readonly unknown[]): Change {
  const op = live === undefined ? 'add' : desired === undefined ? 'remove' : 'replace';
  const steps = objects.map((object) => locateField(object, path)).find((found) => found !== undefined) ?? [];
  return { op, path: steps.map((step) => `/${escaped(String(step))}`).join(''), ...sidesOf(desired, live) };
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function sorted(changes: readonly Change[]): Change[] {
  return changes.toSorted((left, right) => left.path.localeCompare(right.path));
}
