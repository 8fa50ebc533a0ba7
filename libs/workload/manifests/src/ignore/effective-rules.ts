import { groupOf, type IgnoreRule, type KubeObject } from '@flotilla/model';

/** What the rules of an application ignore in an object, and what Kubernetes itself says is not its author's to set. */
export function effectiveRules(object: KubeObject, rules: readonly IgnoreRule[]): readonly IgnoreRule[] {
  return isAggregated(object) ? [...rules, aggregatedRules] : rules;
}

/** A controller gathers the rules of such a role from others, and overwrites what anybody puts there. */
const aggregatedRules: IgnoreRule = { jsonPointers: ['/rules'] };

function isAggregated({ apiVersion, kind, aggregationRule }: KubeObject): boolean {
  return kind === 'ClusterRole' && groupOf(apiVersion) === 'rbac.authorization.k8s.io' && Boolean(aggregationRule);
}
