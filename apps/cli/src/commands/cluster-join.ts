import { operations, type OperationResponse } from '@flotilla/contracts';
import { sendOrder } from '../api.ts';
import { readLabels } from '../clusters/label-changes.ts';
import { sinceText } from '../nouns/cells.ts';
import { Option } from 'commander';
import { structured } from '../output/structured.ts';
import { defineVerb } from '../program/verb.ts';

interface JoinOptions {
  readonly labels?: string;
  readonly output?: 'json' | 'yaml' | 'token' | 'checkout';
}

type Joined = OperationResponse<typeof operations.joinCluster>;

/** Records a cluster, and makes the token with which its agent comes in: once, and within the hour. */
export const clusterJoin = defineVerb<JoinOptions>({
  examples: [
    'cluster join eu-1 --labels stage=production,region=eu-central',
    'cluster join eu-1 -o checkout',
    'cluster join eu-1 -o token > join-token',
    'cluster join eu-1 -o json',
  ],
  declare: (command) =>
    void command
      .argument('<name>', 'what the cluster is called here')
      .option('-l, --labels <labels>', 'labels by which environments choose it: a=b,c=d')
      .addOption(
        new Option('-o, --output <format>', 'instead of the commands for helm').choices([
          'checkout',
          'json',
          'yaml',
          'token',
        ]),
      ),
  run: async (session, [name = ''], { labels, output }) => {
    const api = await session.api();
    const joined = await sendOrder(api, operations.joinCluster, {
      params: { project: api.project },
      body: { name, ...(labels !== undefined && { labels: { ...readLabels(labels) } }) },
    });
    session.note(
      `cluster/${name} is recorded; its join token works once, until ${sinceText(joined.expiresAt, session.now())}`,
    );
    if (output === 'token') session.print(joined.token);
    else if (output === 'checkout') session.print(checkoutText(api.server, joined));
    else if (output) session.printExact(await structured(joined, output));
    else session.print(helmText(api.server, joined));
  },
});

/** Commands that install the agent in the cluster that kubectl is at: a shell takes them as they are. */
function helmText(server: string, { cluster, token }: Joined): string {
  return `# The agent of ${cluster.metadata.name}, from a checkout, into the cluster of kubectl's current context.
kubectl create namespace flotilla-system --dry-run=client -o yaml | kubectl apply -f -
kubectl --namespace flotilla-system create secret generic flotilla-join --from-literal=token=${token}
helm install flotilla-agent deploy/charts/flotilla-agent --namespace flotilla-system --set controlPlane.url=${server}
`;
}

/** Commands that start the agent outside of its cluster. */
function checkoutText(server: string, { cluster, token }: Joined): string {
  return `# The agent of ${cluster.metadata.name}, started from a checkout. In the image its command is apps/agent/dist/main.js.
export FLOTILLA_URL=${server}
export JOIN_TOKEN=${token}
# Which API server: KUBECONFIG and KUBE_CONTEXT, or KUBE_URL and KUBE_TOKEN; inside the cluster none of them.
export KUBECONFIG=\${KUBECONFIG:-$HOME/.kube/config}
node_modules/.bin/node --max-semi-space-size=2 apps/agent/dist/main.js
`;
}
