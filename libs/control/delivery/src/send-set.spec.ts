import { beforeEach, describe, expect, it } from 'vitest';
import { Trouble } from '@flotilla/foundation/testing';
import { noFence } from '@flotilla/model';
import type { SetContent } from './delivery-record.port.ts';
import { planApplication } from './plan/plan-application.ts';
import { catchUp, sendSet, type SendPorts } from './send-set.ts';
import { inMemoryDeliveryWorld } from './testing/in-memory-world.ts';

let world: ReturnType<typeof inMemoryDeliveryWorld>;
let sent: SetContent[];
let line: Trouble;
let ports: SendPorts;
let clusters: string[];

/** `checkout` runs on three clusters; none was sent anything yet. */
beforeEach(async () => {
  world = inMemoryDeliveryWorld();
  sent = [];
  line = new Trouble();
  ports = { record: world.record, sender: line.over({ send: async (content) => void sent.push(content) }) };
  clusters = [await world.addCluster('c1'), await world.addCluster('c2'), await world.addCluster('c3')];
  await world.push('checkout');
  await planApplication(world, world.uids.checkout);
});

const told = () => sent.map(({ cluster, fence, previous }) => [cluster, fence.generation, previous]);

describe('sending one cluster its set', () => {
  it('sends what it misses, and again as long as it was not heard to hold it', async () => {
    const [cluster] = clusters;
    expect([await sendSet(ports, cluster!), await sendSet(ports, cluster!)]).toEqual([true, true]);
    world.record.report(cluster!, sent[0]!.fence, []);
    expect([await sendSet(ports, cluster!), told()]).toEqual([
      false,
      [
        [cluster, 1, 0],
        [cluster, 1, 0],
      ],
    ]);
  });

  it('has nothing to say to a cluster without a set', async () => {
    expect([await sendSet(ports, 'stranger'), sent]).toEqual([false, []]);
  });

  it('fails when the line is cut, so that the work comes back', async () => {
    line.fail();
    await expect(sendSet(ports, clusters[0]!)).rejects.toMatchObject({ consequence: { kind: 'retry' } });
  });
});

describe('catching up after hellos', () => {
  it('sends those that hold too little what they miss, and leaves the others alone', async () => {
    const { fence } = (await world.record.setFor(clusters[0]!, noFence))!;
    const [behind, level, ahead] = clusters;
    const held = new Map([
      [behind!, noFence],
      [level!, fence],
      [ahead!, { ...fence, generation: 7 }],
      ['stranger', noFence],
    ]);
    expect([await catchUp(ports, held), told()]).toEqual([[behind], [[behind, 1, 0]]]);
  });

  it('does not let one that cannot be served keep the others waiting', async () => {
    line.fail('before', 1);
    const held = new Map(clusters.map((cluster) => [cluster, noFence]));
    await expect(catchUp(ports, held)).rejects.toMatchObject({ reason: 'LineBroken' });
    expect(sent.map(({ cluster }) => cluster)).toEqual(clusters.slice(1));
  });
});
