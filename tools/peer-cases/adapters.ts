import { applySet } from './apply-set.ts';
import { argoHealth, kstatusHealth } from './health.ts';
import { healthRule } from './health-rules.ts';
import { gitopsDiff, ignored, normalized } from './differences.ts';
import { dryRunDiff } from './dry-run-diff.ts';
import { kindOrderOf, sorted, wave } from './order.ts';
import { kept } from './ownership.ts';
import type { Adapter } from './peer-case.ts';
import { chart } from './render-helm.ts';
import { kustomization } from './render-kustomize.ts';
import { rollout } from './rollout.ts';
import { selector } from './selectors.ts';
import { syncWindow } from './sync-windows.ts';
import { substitution } from './substitution.ts';

/** The files that we offer, each with what drives it. A new one is one function and one line here. */
export const adapters: Readonly<Record<string, Adapter>> = {
  applyset: applySet,
  envsubst: substitution,
  diff_argocd_ignore: ignored,
  diff_flux_normalize: normalized,
  diff_flux_ssa: dryRunDiff,
  diff_gitops_engine: gitopsDiff,
  health_argocd: argoHealth,
  health_flux_cel: healthRule,
  health_gitops_engine: argoHealth,
  health_kstatus: kstatusHealth,
  order_kinds: kindOrderOf,
  order_sort: sorted,
  order_waves: wave,
  ownership: kept,
  render_helm: chart,
  render_kustomize: kustomization,
  rollout_ocm: rollout,
  selectors_k8s: selector,
  sync_windows: syncWindow,
};
