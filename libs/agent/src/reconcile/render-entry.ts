import { targetTitle, type DesiredEntry } from '@flotilla/model';
import { renderDigest, type Rendered } from '@flotilla/workload-render';
import { prepareObjects } from '../apply/desired-object.ts';
import type { Bundle } from '../keep/target-record.ts';
import { renderFault } from '../render/render-fault.ts';
import { renderInputs, renderOrder } from './render-inputs.ts';
import type { StepPorts } from './step.ts';
import type { RenderedTarget } from './target-memory.ts';

/** What rendering an entry stands on. */
export type RenderPorts = Pick<StepPorts, 'cluster' | 'namespace' | 'facts' | 'renderKey' | 'renders'>;

/** Turns the files of a bundle into what an entry wants of its cluster; nothing where nobody waits for it any more. */
export async function renderEntry(
  entry: DesiredEntry,
  bundle: Bundle,
  { ports, signal }: { readonly ports: RenderPorts; readonly signal: AbortSignal },
): Promise<RenderedTarget | undefined> {
  const { cluster, namespace } = ports;
  const facts = ports.facts();
  const digestOf = ({ manifests }: Rendered) => renderDigest(manifests, ports.renderKey.reveal());
  const rendered = await ports.renders.render({
    order: renderOrder(entry, bundle, facts),
    signal,
    isKnown: (made) => digestOf(made) === bundle.renderDigest,
  });
  if (!rendered.ok && rendered.reason.kind === 'Cancelled') return undefined;
  if (!rendered.ok) throw renderFault(targetTitle(entry), rendered.reason);
  const { manifests, empty } = rendered.value;
  const { objects, hooks } = await prepareObjects({ entry, manifests, cluster, namespace });
  return {
    madeFrom: renderInputs(entry, facts),
    objects,
    hooks,
    renderDigest: digestOf(rendered.value),
    // A set of nothing but hooks says no more of deleting than an empty one.
    empty: empty || objects.length === 0,
  };
}
