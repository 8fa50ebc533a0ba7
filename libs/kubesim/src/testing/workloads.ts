import type { JsonObject } from '../schema/schema-type.ts';

/** A Deployment named `web` of one container. */
export function webDeployment(image: string, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: podTemplate('web', image), ...spec },
  };
}

export function podTemplate(app: string, image: string, spec: JsonObject = {}): JsonObject {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image }], ...spec } };
}
