import type { IgnoreRule, KubeObject, ObjectKey } from '@flotilla/model';
import {
  comparable,
  diffObjects,
  effectiveRules,
  ignoreFields,
  isDeepEqual,
  maskSecrets,
  matchesRule,
  type IgnoreInput,
} from '@flotilla/workload-manifests';
import type { Adapter, Comparison, PeerCase } from './peer-case.ts';

/** One thing that the peer says of a side once it is ready to be compared. */
interface Assertion {
  readonly on: 'live' | 'desired' | 'predicted';
  readonly path: string;
  readonly op: string;
  readonly value?: unknown;
}

/** Argo CD's ignore rules by JSON pointer and by field manager; jq is not offered. */
export const ignored: Adapter = (peerCase) => {
  const { mode, query, expected = {} } = peerCase;
  if (mode === 'knownTypes') return writtenOtherwise(peerCase);
  const rules = rulesOf(peerCase);
  if (!rules) return undefined;
  if (mode === 'ignoreLookup') {
    return { expected: expected.matches, actual: rules.some((rule) => matchesRule(query as ObjectKey, rule)) };
  }
  const given = sidesOf(peerCase);
  const sides = ignoreFields(given, rules);
  if ('unchanged' in expected) return { expected: given, actual: sides };
  return mode === 'stateDiff' ? agreement(sides, peerCase) : judged(sides, peerCase);
};

/**
 * Server-side with the API server's own answer to a dry run. Three-way without one, where we ask whether the cluster
 * contains what is desired; what structured merge computes in its place is the peer's own affair.
 */
export const gitopsDiff: Adapter = (peerCase) => {
  if (peerCase.mode === 'serverSide') return serverSide(peerCase);
  return peerCase.mode === 'threeWay' ? threeWay(peerCase) : undefined;
};

/** What Flux fills in before it compares, the API server fills in as well: to us the two are the same already. */
export const normalized: Adapter = ({ input, expected = {} }) => {
  const [desired, live] = [input, expected.object].map((side) => ({ metadata: {}, ...(side as object) }) as KubeObject);
  return { expected: [], actual: diffObjects({ live, desired }) };
};

function serverSide(peerCase: PeerCase): Comparison {
  const { live, desired, predicted } = sidesOf(peerCase);
  const [maskedLive, maskedPredicted] = maskSecrets([live, predicted]);
  const isModified = diffObjects({ live: maskedLive, desired, predicted: maskedPredicted }).length > 0;
  return judged({ live: shown(maskedLive), desired, predicted: shown(maskedPredicted) }, peerCase, isModified);
}

interface ThreeWayOptions {
  readonly ignorePaths?: readonly string[];
  readonly ignoreAggregatedRoles?: boolean;
}

function threeWay(peerCase: PeerCase): Comparison | undefined {
  const { ignorePaths = [], ignoreAggregatedRoles, ...others } = (peerCase['options'] ?? {}) as ThreeWayOptions;
  const given = sidesOf(peerCase);
  const isOffered = ignoreAggregatedRoles !== false && Object.keys(others).length === 0;
  if (!isOffered || removesByAnnotation(given)) return undefined;
  // A leftover is a deletion, and no field of it differs.
  if (!given.desired) return judged(given, peerCase, false);
  const rules = effectiveRules(given.desired, [{ jsonPointers: [...ignorePaths] }]);
  const sides = ignoreFields(given, rules);
  const [live, desired] = maskSecrets([sides.live, sides.desired]);
  return judged({ live, desired, predicted: desired }, peerCase, diffObjects({ live, desired }).length > 0);
}

/** What is gone from Git we know by who owns it, not by an annotation of kubectl's. */
function removesByAnnotation({ live, desired }: IgnoreInput): boolean {
  const text = live?.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'];
  if (text === undefined || !desired) return false;
  const applied = { metadata: {}, ...(JSON.parse(text) as object) } as KubeObject;
  return diffObjects({ live: desired, desired: applied }).some((each) => each.live === undefined);
}

/** What the peer rewrites for a kind that it is told of is the same to us as it was, without being told. */
function writtenOtherwise(peerCase: PeerCase): Comparison {
  const { live } = sidesOf(peerCase);
  const rewritten = assertionsOf(peerCase.expected ?? {}).reduce<unknown>(
    (object, { path, value }) => withValue(object, path.split('/').slice(1), value),
    live,
  );
  return { expected: [], actual: diffObjects({ live, desired: rewritten as KubeObject }) };
}

function withValue(within: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const child = (within as Readonly<Record<string, unknown>>)[step];
  const changed = withValue(child, rest, value);
  return Array.isArray(within) ? within.with(Number(step), changed) : { ...(within as object), [step]: changed };
}

interface ArgoRule extends IgnoreRule {
  readonly managedFieldsManagers?: string[];
  readonly jqPathExpressions?: readonly string[];
}

function rulesOf({ rules }: PeerCase): IgnoreRule[] | undefined {
  const stated = rules as readonly ArgoRule[];
  if (stated.some(({ jqPathExpressions = [] }) => jqPathExpressions.length > 0)) return undefined;
  return stated.map(({ managedFieldsManagers, ...rule }) => ({ ...rule, managers: managedFieldsManagers }));
}

function sidesOf({ live, desired, predictedLive, input }: PeerCase): IgnoreInput {
  const side = (object: unknown) => (object ?? undefined) as KubeObject | undefined;
  return { live: side(live ?? input), desired: side(desired), predicted: side(predictedLive) };
}

/** The peer fills its defaults in after it has left fields out; ours are ignored when both sides say the same of them. */
function agreement({ live, desired }: IgnoreInput, { expected = {} }: PeerCase): Comparison {
  const paths = assertionsOf(expected).map(({ path }) => path);
  const disagreeing = paths.filter((path) => !isDeepEqual(valueAt(live, path), valueAt(desired, path)));
  const isModified = diffObjects({ live, desired }).length > 0;
  return {
    expected: { modified: expected.modified, disagreeing: [] },
    actual: { modified: isModified, disagreeing },
  };
}

function judged(sides: IgnoreInput, { expected = {} }: PeerCase, isModified?: boolean): Comparison {
  const modified = expected.modified ?? undefined;
  return {
    expected: { broken: [], ...(modified !== undefined && { modified }) },
    actual: {
      broken: assertionsOf(expected).filter((assertion) => !holds(assertion, sides[assertion.on])),
      ...(modified !== undefined && { modified: isModified }),
    },
  };
}

function assertionsOf({ asserts = [] }: Readonly<Record<string, unknown>>): readonly Assertion[] {
  return asserts as readonly Assertion[];
}

function holds({ path, op, value }: Assertion, side: unknown): boolean {
  const found = valueAt(side, path);
  switch (op) {
    case 'eq':
      return isDeepEqual(found, value);
    case 'absent':
      return found === undefined;
    case 'present':
      return found !== undefined;
    case 'len':
      return Array.isArray(found) && found.length === value;
    case 'notContains':
      return !JSON.stringify(found).includes(String(value));
    case 'containsObject':
      return Array.isArray(found) && found.some((item) => isDeepEqual({ ...item, ...(value as object) }, item));
    default:
      throw new Error(`an assertion says ${op}, which nobody here knows`);
  }
}

function valueAt(value: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>((found, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[name] : undefined;
  }, value);
}

/** What a person is shown of a side. */
function shown(object: KubeObject | undefined): KubeObject | undefined {
  return object && (comparable(object) as unknown as KubeObject);
}
