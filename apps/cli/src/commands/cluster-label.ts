import { operations, type ClusterView } from '@flotilla/contracts';
import { labelsText } from '@flotilla/model';
import { changeLabels, readLabelChanges } from '../clusters/label-changes.ts';
import { cluster } from '../nouns/cluster.ts';
import { requireItem } from '../nouns/find-item.ts';
import { visible } from '../output/visible.ts';
import { namesOf } from '../program/candidates.ts';
import { defineVerb } from '../program/verb.ts';

interface LabelOptions {
  readonly overwrite?: boolean;
}

/** Changes the labels by which environments choose a cluster. */
export const clusterLabel = defineVerb<LabelOptions>({
  examples: [
    'cluster label eu-1 stage=production',
    'cluster label eu-1 stage=staging --overwrite',
    'cluster label eu-1 stage-',
  ],
  declare: (command) =>
    void command
      .argument('<name>')
      .argument('<change...>', 'key=value, or key- to take it away')
      .option('--overwrite', 'replace values that are there already'),
  complete: async (session, args) => (args.length === 0 ? namesOf(session, cluster) : []),
  run: async (session, [name = '', ...texts], { overwrite = false }) => {
    const changes = readLabelChanges(texts);
    const api = await session.api();
    const { spec } = (await requireItem(api, cluster, name)) as ClusterView;
    const labels = changeLabels(spec.labels, changes, { overwrite });
    const call = { params: { project: api.project, name }, body: { labels: { ...labels } } };
    const after = await api.client.call(operations.labelCluster, call);
    session.print(`cluster/${visible(name)} labeled: ${visible(labelsText(after.spec.labels))}`);
  },
});
