import { describe, expect, it } from 'vitest';
import { worstHealth, worstSync, type HealthStatus, type SyncStatus } from './status.ts';

describe('the whole is as its worst part', () => {
  const health: [HealthStatus[], HealthStatus][] = [
    [[], 'Healthy'],
    [['Healthy', 'Healthy'], 'Healthy'],
    [['Suspended', 'Healthy'], 'Suspended'],
    [['Progressing', 'Suspended'], 'Progressing'],
    [['Missing', 'Progressing'], 'Missing'],
    [['Healthy', 'Degraded', 'Missing'], 'Degraded'],
    [['Unknown', 'Degraded'], 'Unknown'],
  ];
  it.each(health)('%j is %s', (parts, expected) => {
    expect([worstHealth(parts), worstHealth(parts.toReversed())]).toEqual([expected, expected]);
  });

  const sync: [SyncStatus[], SyncStatus][] = [
    [[], 'Synced'],
    [['Synced'], 'Synced'],
    [['Unknown', 'Synced'], 'Unknown'],
    [['Unknown', 'OutOfSync', 'Synced'], 'OutOfSync'],
  ];
  it.each(sync)('%j is %s', (parts, expected) => {
    expect([worstSync(parts), worstSync(parts.toReversed())]).toEqual([expected, expected]);
  });
});
