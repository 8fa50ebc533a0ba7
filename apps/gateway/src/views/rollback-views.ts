import type { QuarantineView, RollbackView } from '@flotilla/contracts';
import type { QuarantineReading, RollbackPlaceReading, RollbackReading } from '@flotilla/control-delivery';
import type { RolloutState } from '@flotilla/model';
import { wireTime } from './metadata.ts';

export function rollbackView(rollback: RollbackReading): RollbackView {
  const { uid, project, createdAt, selection, to, reason, by, places } = rollback;
  const sum = (field: 'total' | 'arrived' | 'failing' | 'held') =>
    places.reduce((total, place) => total + place[field], 0);
  return {
    kind: 'Rollback',
    metadata: { uid, name: uid, project, createdAt: wireTime(createdAt) },
    spec: { selection, to, reason, by },
    status: {
      state: stateOf(places),
      total: sum('total'),
      arrived: sum('arrived'),
      failing: sum('failing'),
      held: sum('held'),
      places: places.map((place) => ({ ...place })),
    },
  };
}

const urgentFirst: readonly RolloutState[] = ['Halted', 'Paused', 'Running', 'Finished', 'Superseded', 'Aborted'];

/** It runs while any of it runs; it is over by another order only where all of it is. */
function stateOf(places: readonly RollbackPlaceReading[]): RolloutState {
  return urgentFirst.find((state) => places.some((place) => place.state === state)) ?? 'Superseded';
}

export function quarantineView(project: string, refused: QuarantineReading): QuarantineView {
  const { application, digest, by, reason, at } = refused;
  const name = `${application}-${digest.slice(0, 12)}`;
  return {
    kind: 'Quarantine',
    metadata: { uid: `${application}-${digest}`, name, project, createdAt: wireTime(at) },
    spec: { application, digest },
    status: { by, reason },
  };
}
