import { shortCommit } from '@flotilla/model';
import type { RecordOrder } from './record-orders.port.ts';

/**
 * The file that says what entered a stage last, as YAML. Of the same order always the same text, so that whoever comes
 * after a crash finds it written, and of two orders never: what is asked for anew is a commit of its own, which no older
 * try gets past. JSON strings are YAML as well, whatever stands in them.
 */
export function recordFile(order: RecordOrder): string {
  const { uid: record, project, application, environment, revision, release, digest } = order;
  const fields = { project, application, environment, revision, sourceDigest: digest, release, record };
  const lines = Object.entries(fields).map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
  return `# What entered ${environment} last. Flotilla writes it before it delivers; promote with: flotilla promote ${application} --to ${environment}\n${lines.join('\n')}\n`;
}

/** Why the commit is there. */
export function recordMessage({ uid, application, environment, revision, digest, by }: RecordOrder): string {
  return [
    `Promote ${application} ${shortCommit(revision)} to ${environment}`,
    '',
    by === null ? 'It passed all gates of this stage.' : `Asked for by ${by}.`,
    '',
    `Flotilla-Record: ${uid}`,
    `Flotilla-Revision: ${revision}`,
    `Flotilla-Source-Digest: ${digest}`,
    '',
  ].join('\n');
}
