import { setOf } from '../../fields/field-set.ts';
import { metadataOf, withMetadata } from '../../objects/metadata.ts';
import type { JsonDraft } from '../../schema/schema-type.ts';
import { itemsAt, objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';
import { ensureObject } from '../set-missing.ts';

export const namespaceRules: KindRules = {
  nameRule: 'namespace',
  prepareCreate: (draft) => {
    draft['status'] = { phase: 'Active' };
    const finalizers = (draft['spec']?.finalizers ?? []) as string[];
    const all = finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'];
    draft['spec'] = { ...draft['spec'], finalizers: all };
    labelWithName(draft);
  },
  prepareUpdate: (draft, old) => {
    draft['spec'] = { ...draft['spec'], finalizers: objectAt(old, 'spec')['finalizers'] };
    if (draft['spec'].finalizers === undefined) delete draft['spec'].finalizers;
    draft['status'] = old['status'];
    labelWithName(draft);
  },
  prepareSubresource: {
    status: (draft, old) => (draft['spec'] = old['spec']),
    finalize: (draft, old) => (draft['status'] = old['status']),
  },
  resets: setOf(['f:status']),
  subresourceResets: { status: setOf(['f:spec']), finalize: setOf(['f:status']) },
  startDeletion: (namespace, time) => ({
    ...withMetadata(namespace, { deletionTimestamp: time }),
    status: { ...objectAt(namespace, 'status'), phase: 'Terminating' },
  }),
  mayEnd: (namespace) => itemsAt(objectAt(namespace, 'spec'), 'finalizers').length === 0,
  answersWithDeleted: true,
  fieldSelectors: { 'status.phase': (namespace) => textAt(objectAt(namespace, 'status'), 'phase') },
};

/** Selectors find a namespace by its name through this label. */
function labelWithName(draft: JsonDraft): void {
  const metadata = ensureObject(draft, 'metadata');
  metadata['labels'] = { ...metadata['labels'], 'kubernetes.io/metadata.name': metadataOf(draft).name };
}
