import { describe, expect, it } from 'vitest';
import { Fault } from '@flotilla/foundation';
import { isoTime } from '@flotilla/foundation';
import type { DesiredEntry, HeldEntry } from '@flotilla/model';
import { contentDigest } from '@flotilla/model/node';
import { compareHeld, planRecovery } from './plan-recovery.ts';
import type { AheadCluster, RecoveryRecord } from './recovery-record.port.ts';

const suspended = { by: 'user:ann', reason: 'incident 42', since: isoTime(0) };

const lost = { ...suspended, name: 'incident', scope: 'all' };
const known = { ...suspended, name: 'year-end', scope: 'deploys' };

function entry(application: string, over: Partial<DesiredEntry> = {}): DesiredEntry {
  return {
    target: `${application}-uid`,
    project: 'shop',
    application,
    environment: 'dev',
    generation: 3,
    intent: 'run',
    release: 'r1',
    sourceDigest: 'd1',
    namespace: application,
    source: { url: 'https://git.example.org/shop.git', revision: '1'.repeat(40), path: 'app', also: [] },
    sync: { prune: true, drift: 'correct', adopt: false, createNamespace: true },
    ...over,
  };
}

function held(of: DesiredEntry): HeldEntry {
  const { target, project, application, environment } = of;
  const told = { target, project, application, environment, content: contentDigest(of) };
  const { suspended: stopped, frozen } = of;
  return { ...told, ...(stopped && { suspended: stopped }), ...(frozen && { frozen }) };
}

describe('what a cluster would be sent anew', () => {
  it('is told by what entries say, not by when they were said; nothing that the database does not know is touched', () => {
    const wanted = [entry('same'), entry('older'), entry('new'), entry('stopped'), entry('cold', { frozen: [known] })];
    const there = [
      held(entry('same', { generation: 99 })),
      held(entry('older', { release: 'r2', generation: 4 })),
      held(entry('stopped', { suspended })),
      held(entry('later')),
      held(entry('cold', { frozen: [known, lost] })),
    ];
    expect(compareHeld(wanted, there)).toEqual({
      added: ['shop/new in dev'],
      changed: ['shop/older in dev', 'shop/stopped in dev', 'shop/cold in dev'],
      unchanged: 1,
      unlisted: ['shop/later in dev'],
      lostOrders: [{ target: 'shop/stopped in dev', suspended }],
      lostFreezes: [lost],
    });
  });
});

describe('a plan', () => {
  const ahead = (name: string): AheadCluster => ({
    uid: name,
    project: 'default',
    name,
    connection: 'Ahead',
    fence: { epoch: 1, generation: 3 },
    held: { epoch: 1, generation: 9 },
  });
  const recordOf = (clusters: readonly AheadCluster[]): RecoveryRecord => ({
    standing: async () => ({ epoch: 1, clusters: clusters.length, ahead: clusters, strangers: [] }),
    entriesOf: async () => [entry('same')],
    recover: async () => ({ epoch: 1, opened: false }),
  });

  it('says of a cluster that does not answer that it is not known, and goes on with the others', async () => {
    const clusters = [ahead('silent'), ahead('eu-1')];
    const askHeld = async (cluster: string) => {
      if (cluster === 'eu-1') return [held(entry('same'))];
      throw new Fault({ code: 'timeout', reason: 'AgentSilent', message: 'the agent did not answer' });
    };
    expect((await planRecovery({ record: recordOf(clusters), askHeld })).ahead).toEqual([
      { ...ahead('silent'), unknown: 'the agent did not answer' },
      {
        ...ahead('eu-1'),
        recovery: { added: [], changed: [], unchanged: 1, unlisted: [], lostOrders: [], lostFreezes: [] },
      },
    ]);
  });

  it('asks a bounded number of clusters, and names all', async () => {
    const clusters = Array.from({ length: 120 }, (_, index) => ahead(`c${index}`));
    let asked = 0;
    const askHeld = async () => (asked++, []);
    const { ahead: planned } = await planRecovery({ record: recordOf(clusters), askHeld });
    expect([asked, planned.length, planned.at(-1)!.unknown]).toEqual([100, 120, 'only 100 clusters are asked']);
  });
});
