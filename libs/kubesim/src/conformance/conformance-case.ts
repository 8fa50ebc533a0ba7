import type { ConformanceApi } from './conformance-api.ts';
import { Scene } from './scene.ts';

/** One promise of the API server. It throws when the promise is broken. */
export interface ConformanceCase {
  readonly name: string;
  run(api: ConformanceApi): Promise<void>;
}

/** Cases about one thing, each in a namespace of its own. */
export function cases(
  about: string,
  table: Readonly<Record<string, (scene: Scene) => Promise<void>>>,
): readonly ConformanceCase[] {
  return Object.entries(table).map(([name, play], index) => ({
    name: `${about}: ${name}`,
    run: async (api) => {
      const namespace = `${about.replaceAll(/[^a-z]+/g, '-')}-${index}-${api.now.toString(36)}`;
      await api.request('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } });
      await play(new Scene(api, namespace));
    },
  }));
}
