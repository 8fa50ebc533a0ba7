import { shortCommit } from '@flotilla/model';
import type { RecordOrder } from './record-orders.port.ts';

/**
 * The file that says what a stage runs, as YAML. Of the same order always the same text, so that whoever comes
 * after a crash finds it written, and of two orders never: what is asked for anew is a commit of its own, which no older
 * try gets past. JSON strings are YAML as well, whatever stands in them.
 */
export function recordFile(order: RecordOrder): string {
  const { uid: record, project, application, environment, revision, release, digest } = order;
  const fields = { project, application, environment, revision, sourceDigest: digest, release, record };
  const lines = Object.entries(fields).map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
  const how = `flotilla promote ${application} --to ${environment}`;
  return `# What runs in ${environment}, or enters it next. Flotilla writes it; promote with: ${how}\n${lines.join('\n')}\n`;
}

/** Why the commit is there. */
export function recordMessage(order: RecordOrder): string {
  const { uid, revision, digest } = order;
  return [
    titleOf(order),
    '',
    reasonOf(order),
    '',
    `Flotilla-Record: ${uid}`,
    `Flotilla-Revision: ${revision}`,
    `Flotilla-Source-Digest: ${digest}`,
    '',
  ].join('\n');
}

function titleOf({ cause, application, environment, revision }: RecordOrder): string {
  const commit = shortCommit(revision);
  switch (cause) {
    case 'promotion':
      return `Promote ${application} ${commit} to ${environment}`;
    case 'rollback':
      return `Take ${application} in ${environment} back to ${commit}`;
    case 'standing':
      return `Record ${application} ${commit} in ${environment}`;
  }
}

function reasonOf({ cause, by }: RecordOrder): string {
  if (by !== null) return `Asked for by ${by}.`;
  return cause === 'standing' ? 'It runs there.' : 'It passed all gates of this stage.';
}
