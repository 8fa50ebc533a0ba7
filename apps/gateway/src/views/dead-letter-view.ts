import type { DeadLetterView } from '@flotilla/contracts';
import type { DeadLetterReading } from '@flotilla/control-fleet';
import { wireTime } from './metadata.ts';

export function deadLetterView(letter: DeadLetterReading): DeadLetterView {
  const { id, kind, subject, cluster, reason, message, firstAt, lastAt, count, size } = letter;
  return {
    id,
    kind,
    subject,
    ...(cluster && { cluster }),
    reason,
    message,
    firstAt: wireTime(firstAt),
    lastAt: wireTime(lastAt),
    count,
    bytes: size,
  };
}
