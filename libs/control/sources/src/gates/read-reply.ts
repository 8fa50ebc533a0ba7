import { Fault } from '@flotilla/foundation';
import { gateReplySchema, type GateReply } from '@flotilla/model';

/** Reads an answer. A word about other inputs, such as a page that says `allow` to everybody, is none. */
export function readReply(text: string, digest: string): GateReply {
  const read = gateReplySchema.safeParse(jsonOf(text));
  if (!read.success) {
    const [{ path, message }] = read.error.issues as [(typeof read.error.issues)[number]];
    throw unusable(`it does not say allow, deny or wait as it should: ${[...path, message].join(': ')}`);
  }
  if (read.data.digest !== digest) throw unusable('it answered about other inputs than it was asked about');
  return read.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable('its answer is not JSON');
  }
}

function unusable(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'GateAnswerInvalid', message, consequence: { kind: 'retry' } });
}
