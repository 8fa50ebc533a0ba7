/** Where kubectl's client-side apply keeps the whole manifest, secrets and all; in Git it is a copy of an older self. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
