import { Fault } from '@flotilla/foundation';

const silent = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS/;

/** Says why there was no answer, and keeps the words of the socket: they name the address that was tried. */
export function connectionFault(server: string, cause: Error & { code?: string }): Fault {
  if (cause instanceof Fault) return cause;
  const code = cause.code ?? '';
  if (silent.has(code)) {
    const message = `the API server at ${server} did not answer in time`;
    return new Fault({ code: 'timeout', reason: 'ApiServerSilent', message, cause });
  }
  if (untrusted.test(code)) {
    const message = `the certificate of the API server at ${server} is not trusted (${cause.message}); check the certificate authority`;
    return new Fault({ code: 'unavailable', reason: 'CertificateRefused', message, cause });
  }
  const words = cause.message || code || 'the connection broke';
  const message = `the API server at ${server} cannot be reached: ${words}`;
  return new Fault({ code: 'unavailable', reason: 'ApiServerUnreachable', message, cause });
}
