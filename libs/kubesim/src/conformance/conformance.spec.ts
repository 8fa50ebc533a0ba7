import { describe, expect, it } from 'vitest';
import { TestCluster } from '../testing/test-cluster.ts';
import { conformanceCases } from './conformance-cases.ts';

describe('kubesim, without HTTP', () => {
  const cluster = new TestCluster();

  it.each(conformanceCases)('$name', async ({ run }) => {
    // A case throws where a promise is broken.
    expect(await cluster.whileTimePasses(run(cluster.api))).toBeUndefined();
  });
});
