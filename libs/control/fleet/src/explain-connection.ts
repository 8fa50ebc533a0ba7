import { isoTime } from '@flotilla/foundation';
import type { Explanation } from './explanation.ts';
import type { TargetReading } from './fleet-reader.port.ts';

/** Why nothing can be said to a cluster, or heard of it, and who mends that; nothing while it is heard. */
export function explainConnection(target: Pick<TargetReading, 'connection' | 'cluster' | 'lastSeenAt'>): Explanation[] {
  const { cluster, lastSeenAt } = target;
  const since = lastSeenAt ? { since: isoTime(lastSeenAt.getTime()) } : {};
  const joining = `whoever may run: flotilla cluster join ${cluster}`;
  switch (target.connection) {
    case 'Connected':
      return [];
    case 'Pending':
      return [waits(`cluster ${cluster} has no agent yet`, joining)];
    case 'Ahead': {
      const held = `cluster ${cluster} holds a set that this database never issued`;
      return [
        waits(`${held}; nothing is sent to it, and nothing is deleted there`, 'whoever may run: flotilla recover'),
      ];
    }
    case 'Lost': {
      const blockedBy = `cluster ${cluster} is not heard; it goes on by itself with what it has`;
      const mending = `whoever runs cluster ${cluster}, whose agent calls by itself; or, if it is gone: flotilla cluster forget ${cluster}`;
      return [{ ...waits(blockedBy, mending), ...since }];
    }
    case 'Revoked':
      return [waits(`the identities of cluster ${cluster} are revoked; nothing is sent to it`, joining)];
    case 'Deaf': {
      const blockedBy = 'the control plane cannot hear any cluster right now';
      return [{ ...waits(blockedBy, 'whoever runs the control plane and its broker'), ...since }];
    }
  }
}

function waits(blockedBy: string, whoCanAct: string): Explanation {
  return { state: 'waiting', blockedBy, whoCanAct };
}
