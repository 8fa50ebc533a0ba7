import type { GitRemote, GitWriter } from '@flotilla/control-sources';
import { counter, histogram, inSpan, metricList } from '@flotilla/platform-telemetry';

const asked = counter(metricList.gitRequests);
const took = histogram(metricList.gitDuration);

/** A remote whose requests are timed and show in the trace of whoever looks: most of the time of a look is the Git host's. */
export function tracedRemote(remote: GitRemote, url: string): GitRemote {
  const request = requestsTo(url);
  return {
    listRefs: (options) => request('refs', () => remote.listRefs(options)),
    pull: (options) => request('pull', () => remote.pull(options)),
    files: (tree) => remote.files(tree),
  };
}

/** The same of one that is written to. */
export function tracedWriter(writer: GitWriter, url: string): GitWriter {
  const request = requestsTo(url);
  return {
    ...tracedRemote(writer, url),
    list: (options) => request('pull', () => writer.list(options)),
    commitFiles: (options) => request('pull', () => writer.commitFiles(options)),
    push: (options) => request('push', () => writer.push(options)),
  };
}

type GitRequest = 'refs' | 'pull' | 'push';

function requestsTo(url: string) {
  const { host } = new URL(url);
  return <Result>(what: GitRequest, work: () => Promise<Result>) =>
    inSpan(`git ${what}`, { kind: 'client', attributes: { host } }, () => measured(what, work));
}

async function measured<Result>(request: GitRequest, work: () => Promise<Result>): Promise<Result> {
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
