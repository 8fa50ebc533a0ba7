import type { StageFacts } from '@flotilla/control-delivery';
import { effectiveRender, filledOrAsIs, templateVariables } from '@flotilla/model';
import type { Transaction } from '../transaction.ts';
import { missing, type Authored } from './read-authored.ts';
import type { RolloutFacts } from './read-rollouts.ts';

/** The stages of an application's pipeline, each with what Git holds of its inputs and what entered it last. */
export async function readStages(
  transaction: Transaction,
  authored: Authored,
  rollouts: readonly RolloutFacts[],
): Promise<StageFacts[]> {
  const { application, environments, inputs } = authored;
  const heads = await readHeads(transaction, authored);
  return inputs.map(({ environment, ref, paths }) => {
    const spec = environments.get(environment);
    if (!spec) throw missing(application, `environment ${environment}`);
    const [path = '', ...also] = paths;
    const { project, name: named, document } = application;
    const variables = templateVariables({ project, environment, application: named });
    const render = effectiveRender(document, environment);
    const current = rollouts.find((rollout) => rollout.environment === environment && rollout.newest);
    return {
      environment,
      clusters: spec.clusters,
      ...(spec.windows && { windows: spec.windows }),
      ref,
      path,
      also,
      namespace: filledOrAsIs(document.spec.namespace, variables),
      ...(render && { render }),
      ...headOf(heads, ref, paths),
      ...(current && { current: { rollout: current.rollout, release: current.release, running: current.running } }),
    };
  });
}

interface SeenPath {
  readonly ref: string;
  readonly path: string;
  readonly commit: string;
  readonly tree: string | null;
}

/**
 * What Git holds at every ref and path that any stage reads. One statement: a commit and the trees of another one would
 * make a release that never was.
 */
function readHeads(transaction: Transaction, { repository, inputs }: Authored): Promise<SeenPath[]> {
  const asked = inputs.flatMap(({ ref, paths }) => paths.map((path) => ({ ref, path })));
  return transaction.query<SeenPath>(
    `SELECT asked.ref, asked.path, head.commit, last.tree FROM unnest($2::text[], $3::text[]) AS asked (ref, path)
     CROSS JOIN LATERAL (SELECT commit FROM revision
       WHERE repository = $1 AND revision.ref = asked.ref ORDER BY seq DESC LIMIT 1) head
     CROSS JOIN LATERAL (SELECT tree FROM path_tree
       WHERE repository = $1 AND path_tree.ref = asked.ref AND path_tree.path = asked.path ORDER BY seq DESC LIMIT 1) last`,
    [repository, asked.map(({ ref }) => ref), asked.map(({ path }) => path)],
  );
}

/** The newest revision at a stage's ref, once every path of the stage is known there. */
function headOf(heads: readonly SeenPath[], ref: string, paths: readonly string[]): Pick<StageFacts, 'head'> {
  const seen = paths.map((path) => heads.find((head) => head.ref === ref && head.path === path));
  const [first] = seen;
  if (!first || seen.includes(undefined)) return {};
  return { head: { commit: first.commit, trees: seen.map((head) => head?.tree ?? undefined) } };
}
