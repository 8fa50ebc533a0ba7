import { describe, expect, it } from 'vitest';
import { clusterOf } from '../mock/factories.ts';
import { freshest } from './freshest-clusters.ts';

const told = clusterOf('dev-1', {}, 0);
const lost = { ...told, status: { ...told.status, connection: 'Lost' as const } };
const listed = { ...told, status: { ...told.status, lastSeenAt: '2026-01-01T00:00:00.000Z' } };
const by = (...clusters: (typeof told)[]) => new Map(clusters.map((cluster) => [cluster.metadata.uid, cluster]));

describe('the newest word on a cluster', () => {
  it('is the list, which knows when it was last seen', () => {
    expect(freshest(by(told), { heardBefore: by(told), read: by(listed) })).toEqual([listed]);
  });

  it('is the stream once it has told something since the list was asked for', () => {
    expect(freshest(by(lost), { heardBefore: by(told), read: by(listed) })).toEqual([lost]);
  });

  it('is the stream while no list has answered, or for one that the list did not have', () => {
    expect([freshest(by(told), undefined), freshest(by(told), { heardBefore: by(told), read: by() })]).toEqual([
      [told],
      [told],
    ]);
  });

  it('does not bring back what has left', () => {
    expect(freshest(by(), { heardBefore: by(told), read: by(listed) })).toEqual([]);
  });
});
