import type { GitRemote } from '@flotilla/control-sources';
import { inSpan } from '@flotilla/platform-telemetry';

/** A remote whose requests show in the trace of whoever looks: most of the time of a look is the Git host's. */
export function tracedRemote(remote: GitRemote, url: string): GitRemote {
  const { host } = new URL(url);
  const request = <Result>(what: string, work: () => Promise<Result>) =>
    inSpan(`git ${what}`, { kind: 'client', attributes: { host } }, work);
  return {
    listRefs: (options) => request('refs', () => remote.listRefs(options)),
    pull: (options) => request('pull', () => remote.pull(options)),
    files: (tree) => remote.files(tree),
  };
}
