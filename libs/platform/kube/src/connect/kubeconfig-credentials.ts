import type { Clock } from '@flotilla/foundation';
import { impersonationHeaders } from '../client/identity.ts';
import type { CredentialSource, TlsMaterial } from '../transport/credentials.ts';
import type { KubeHeaders } from '../transport/kube-transport.port.ts';
import { fileCredentials, type FileOrText } from './file-credentials.ts';
import { pathField, textField, type ChosenContext, type Fields } from './kubeconfig.ts';

/** The credentials that stand in a kubeconfig, or in files it names. */
export function kubeconfigCredentials({ cluster, user }: ChosenContext, file: string, clock: Clock): CredentialSource {
  const tokenFile = pathField(user, 'tokenFile', file);
  const token = textField(user, 'token');
  return fileCredentials(
    {
      token: tokenFile ? { file: tokenFile } : token ? { text: token } : undefined,
      ca: dataOrFile(cluster, 'certificate-authority', file),
      cert: dataOrFile(user, 'client-certificate', file),
      key: dataOrFile(user, 'client-key', file),
      headers: { ...basicHeaders(user), ...impersonated(user) },
      tls: tlsSettings(cluster),
    },
    clock,
  );
}

function dataOrFile(fields: Fields, name: string, file: string): FileOrText | undefined {
  const data = textField(fields, `${name}-data`);
  if (data) return { text: Buffer.from(data, 'base64').toString('utf8') };
  const path = pathField(fields, name, file);
  return path ? { file: path } : undefined;
}

function basicHeaders(user: Fields): KubeHeaders {
  const name = textField(user, 'username');
  if (!name) return {};
  const pair = Buffer.from(`${name}:${textField(user, 'password') ?? ''}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

function impersonated(user: Fields): KubeHeaders {
  const name = textField(user, 'as');
  if (!name) return {};
  const uid = textField(user, 'as-uid');
  const groups = user['as-groups'];
  return impersonationHeaders({
    user: name,
    ...(uid && { uid }),
    ...(Array.isArray(groups) && { groups: groups.map(String) }),
  });
}

function tlsSettings(cluster: Fields): TlsMaterial {
  return {
    servername: textField(cluster, 'tls-server-name'),
    ...(textField(cluster, 'insecure-skip-tls-verify') === 'true' && { rejectUnauthorized: false }),
  };
}
