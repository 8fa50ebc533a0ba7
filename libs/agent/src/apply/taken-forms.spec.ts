import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { KubeObject } from '@flotilla/model';
import { TakenForms } from './taken-forms.ts';

let clock: VirtualClock;
let taken: TakenForms;

beforeEach(() => {
  clock = new VirtualClock();
  taken = new TakenForms(clock);
});

const service = (name: string, over: object = {}, namespace = 'apps'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels: { app: name, 'flotilla.dev/target': `target-of-${name}` } },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...over },
});

describe('what was taken', () => {
  it('is known under another name, wherever the name stands', () => {
    taken.add(service('checkout', { externalName: 'checkout.example.org' }));
    const known = [
      service('catalog', { externalName: 'catalog.example.org' }),
      service('catalog', { externalName: 'checkout.example.org' }),
    ].map((object) => taken.has(object));
    expect(known).toEqual([true, false]);
  });

  it.each([
    ['says something else', service('catalog', { ports: [{ port: 81 }] })],
    ['selects another one', service('catalog', { selector: { app: 'checkout' } })],
    ['goes to another namespace', service('catalog', {}, 'others')],
    ['goes to a namespace of its own name', service('catalog', {}, 'catalog')],
    ['has a name that not every kind may have', service('9-catalog')],
    ['has the name as a part of a longer one', service('catalog', { selector: { app: 'catalog-2' } })],
    ['is of another kind', { ...service('catalog'), kind: 'ConfigMap' }],
  ])('says nothing of what %s', (_, object) => {
    taken.add(service('checkout'));
    taken.add(service('checkout', {}, 'checkout'));
    expect(taken.has(object)).toBe(false);
  });

  it('says nothing of what another one may write', () => {
    taken.add(service('checkout'), 'deployer');
    const as = ['deployer', 'other', undefined].map((by) => taken.has(service('catalog'), by));
    expect(as).toEqual([true, false, false]);
  });

  it.each([
    ['an address', service('checkout', { clusterIP: '10.0.0.7' })],
    ['a port of all nodes', service('checkout', { ports: [{ port: 80, nodePort: 30_080 }] })],
    ['a host of an Ingress', { ...service('checkout'), apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }],
  ])('says nothing of a second one where only one can have %s', (_, object) => {
    taken.add(object);
    expect(taken.has(object)).toBe(false);
  });

  it('is known for ten minutes, or until something is refused', async () => {
    taken.add(service('checkout'));
    await clock.advance(599_000);
    const late = taken.has(service('catalog'));
    await clock.advance(1_000);
    const later = taken.has(service('catalog'));
    taken.add(service('checkout'));
    taken.forget();
    expect([late, later, taken.has(service('catalog'))]).toEqual([true, false, false]);
  });
});
