import type { ApiServerKind, OpenApiServer } from '../api-servers.ts';
import type { SpecHooks } from '../spec-hooks.ts';
import { EngineWorld, type EngineWorldOptions } from './engine-world.ts';

/** What a suite opens its worlds on: one API server without controllers. The world of a test ends with it. */
export function enginesOfSuite(openServer: ApiServerKind['open'], { beforeAll, afterEach, afterAll }: SpecHooks) {
  let server: OpenApiServer | undefined;
  let world: EngineWorld | undefined;
  beforeAll(async () => {
    server = await openServer({ controllers: false });
  });
  afterAll(async () => server?.stop());
  afterEach(async () => world?.stop());
  return {
    get server(): OpenApiServer {
      return server!;
    },
    open: async (options?: EngineWorldOptions): Promise<EngineWorld> =>
      (world = await EngineWorld.open(server!, options)),
  };
}
