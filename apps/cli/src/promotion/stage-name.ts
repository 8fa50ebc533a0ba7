import { Fault } from '@flotilla/foundation';
import { namePattern } from '@flotilla/model';

/** One application in one environment. */
export interface StageName {
  readonly application: string;
  readonly environment: string;
}

/** The parts of `application.environment`; names hold no dots, so there is one way to read it. */
export function readStageName(name: string): StageName {
  const [application = '', environment = '', ...rest] = name.split('.');
  if (rest.length === 0 && [application, environment].every((part) => namePattern.test(part))) {
    return { application, environment };
  }
  const message = `a stage is named application.environment, and \`${name}\` is not; list them with: flotilla get stages`;
  throw new Fault({ code: 'invalid', reason: 'StageNameInvalid', message });
}

/** What says which release of an application is meant, however it was named: uid, commit, or `checkout-1a2b3c4d`. */
export function commitOf(release: string, { application }: StageName): string {
  return release.startsWith(`${application}-`) ? release.slice(application.length + 1) : release;
}

/** A release as people name it, `checkout-1a2b3c4d`, or by its uid behind the dash, in its two parts. */
export function readReleaseName(name: string): { readonly application: string; readonly release: string } {
  const [, application, release] = /^(.+)-([0-9a-f]{7,40}|[0-9a-z]{16})$/.exec(name) ?? [];
  if (application && release) return { application, release };
  const message = `a release is named application-commit, and \`${name}\` is not; list them with: flotilla get releases`;
  throw new Fault({ code: 'invalid', reason: 'ReleaseNameInvalid', message });
}
