import type { GitRemote } from '@flotilla/control-sources';
import { counter, histogram, inSpan, metricList } from '@flotilla/platform-telemetry';

const asked = counter(metricList.gitRequests);
const took = histogram(metricList.gitDuration);

/** A remote whose requests are timed and show in the trace of whoever looks: most of the time of a look is the Git host's. */
export function tracedRemote(remote: GitRemote, url: string): GitRemote {
  const { host } = new URL(url);
  const request = <Result>(what: 'refs' | 'pull', work: () => Promise<Result>) =>
    inSpan(`git ${what}`, { kind: 'client', attributes: { host } }, () => measured(what, work));
  return {
    listRefs: (options) => request('refs', () => remote.listRefs(options)),
    pull: (options) => request('pull', () => remote.pull(options)),
    files: (tree) => remote.files(tree),
  };
}

async function measured<Result>(request: 'refs' | 'pull', work: () => Promise<Result>): Promise<Result> {
  const begun = performance.now();
  try {
    const result = await work();
    asked({ request, result: 'done' });
    return result;
  } catch (error) {
    asked({ request, result: 'fault' });
    throw error;
  } finally {
    took((performance.now() - begun) / 1_000, { request });
  }
}
