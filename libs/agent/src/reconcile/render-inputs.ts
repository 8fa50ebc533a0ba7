import { digestOf } from '@flotilla/foundation/node';
import type { ClusterFacts, DesiredEntry, Variables } from '@flotilla/model';
import { placeVariables } from '@flotilla/workload-render';
import type { Bundle } from '../keep/target-record.ts';
import type { RenderOrder } from '../ports/renderer.port.ts';

/** Everything of an entry and of its cluster that decides what is rendered: leave one out, and a change of it would go unseen. */
export function renderInputs(entry: DesiredEntry, facts: ClusterFacts): string {
  const known = digests.get(entry);
  if (known?.facts === facts) return known.digest;
  const digest = digestOfInputs(entry, facts);
  digests.set(entry, { facts, digest });
  return digest;
}

/** Every look at a target asks for it, and nobody changes an entry. */
const digests = new WeakMap<DesiredEntry, { readonly facts: ClusterFacts; readonly digest: string }>();

function digestOfInputs(entry: DesiredEntry, facts: ClusterFacts): string {
  const { target, sourceDigest, namespace, source, render, allow, sync } = entry;
  const { url, path, also } = source;
  const { kubernetesVersion } = facts;
  const variables = variablesOf(entry, facts);
  const place = { target, namespace, kubernetesVersion };
  return digestOf({
    ...place,
    sourceDigest,
    url,
    path,
    also,
    ...(render && { render }),
    ...(allow && { allow }),
    ...(allow && sync.namespace && { onNamespace: sync.namespace }),
    ...(variables && { variables }),
  });
}

/** What a renderer is asked for: the files of a bundle, as the entry wants them in this cluster. */
export function renderOrder(entry: DesiredEntry, bundle: Bundle, facts: ClusterFacts): RenderOrder {
  return {
    files: bundle.files.map(({ path, content }) => ({ path, content: Buffer.from(content, 'base64') })),
    path: entry.source.path,
    settings: entry.render,
    application: entry.application,
    namespace: entry.namespace,
    variables: variablesOf(entry, facts),
    kubernetesVersion: facts.kubernetesVersion,
  };
}

/** Only an application that asks for it is filled. */
function variablesOf(entry: DesiredEntry, facts: ClusterFacts): Variables | undefined {
  const { project, environment, application, clusterLabels: labels = {}, render } = entry;
  return render?.substitute && placeVariables({ project, environment, application, labels, facts }, render.substitute);
}
