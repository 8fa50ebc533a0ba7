import { Fault } from '@flotilla/foundation';
import type { GroupKind } from '@flotilla/model';
import { kindTitle } from '../discovery/kind-table.ts';

const placeIsLost = new Set([
  'ResourceExpired',
  'WatchUnreadable',
  'WatchWentBack',
  'WatchOutOfOrder',
  'EventTooLarge',
]);

/** Whether the place at which the watch would resume is worth nothing any more. */
export function needsNewList({ reason }: Fault): boolean {
  return placeIsLost.has(reason);
}

export function endedAtOnce(kind: GroupKind): Fault {
  const message = `watch ${kindTitle(kind)}: the server ended the stream at once`;
  return new Fault({ code: 'unavailable', reason: 'WatchEnded', message });
}

export function unreadableEvent(kind: GroupKind): Fault {
  const message = `watch ${kindTitle(kind)}: an event could not be read, so everything is listed again`;
  return new Fault({ code: 'unavailable', reason: 'WatchUnreadable', message });
}

export function wentBack(kind: GroupKind): Fault {
  const message = `watch ${kindTitle(kind)}: the server went back in time, as after a restored backup; everything is listed again`;
  return new Fault({ code: 'unavailable', reason: 'WatchWentBack', message });
}

export function outOfOrder(kind: GroupKind): Fault {
  const message = `watch ${kindTitle(kind)}: an event came behind a younger one, of an object that may be gone by then; everything is listed again`;
  return new Fault({ code: 'unavailable', reason: 'WatchOutOfOrder', message });
}
