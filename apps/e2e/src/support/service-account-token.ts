import type { KubeApiServer } from '@flotilla/testing';
import { connectUrl } from '@flotilla/platform-kube';

/** A token of a service account, signed by the API server itself: what a pod of it would find in its files. */
export async function serviceAccountToken(
  { url, token, certificateAuthority: ca }: KubeApiServer,
  { namespace, name }: { namespace: string; name: string },
): Promise<string> {
  const transport = connectUrl({ url, token, ca });
  try {
    const answer = await transport.request({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }),
    });
    const text = await answer.text();
    if (answer.status !== 201) throw new Error(`no token for ${namespace}/${name}: ${text}`);
    return (JSON.parse(text) as { status: { token: string } }).status.token;
  } finally {
    await transport.close();
  }
}
