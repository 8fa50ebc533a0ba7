import { Fault } from '@flotilla/foundation';

interface MissingCredential {
  readonly project: string;
  readonly name: string;
  readonly kind: string;
}

/** A secret that a document names is not there, or is one for something else. */
export function credentialMissing(who: string, { project, name, kind }: MissingCredential): Fault {
  return new Fault({
    code: 'not-found',
    reason: 'CredentialMissing',
    message: `${who} has no credential ${name} of the kind ${kind} in project ${project}; set it with: flotilla credential set ${name} --kind ${kind}`,
    consequence: { kind: 'stall', until: 'the credential is set, and the work is replayed' },
  });
}
