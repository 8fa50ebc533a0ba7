import { conformanceCases, type ConformanceApi } from '@flotilla/kubesim/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiServers, type OpenApiServer } from '../support/api-servers.ts';
import { conformanceOverHttp } from '../support/conformance-over-http.ts';

// What the cases say is what the real server does; kubesim is held to it, here over HTTP and in its own room without.
describe.each(apiServers())('the Kubernetes API as $name serves it', ({ open }) => {
  let server: OpenApiServer;
  let api: ConformanceApi;

  beforeAll(async () => {
    server = await open({ controllers: false });
    api = conformanceOverHttp(server.transport, Date.now());
  });
  afterAll(() => server?.stop());

  it.each(conformanceCases)('$name', async ({ run }) => {
    expect(await run(api)).toBeUndefined();
  });
});
