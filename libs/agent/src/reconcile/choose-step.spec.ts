import { expect, it } from 'vitest';
import { chooseStep } from './choose-step.ts';
import type { DeliveryState } from './delivery-state.ts';

const ways: { readonly [Name in DeliveryState['name']]: string | undefined } = {
  Suspended: undefined,
  Frozen: undefined,
  Closed: 'keep record',
  Unlisted: undefined,
  Leaving: 'leave cluster',
  Gone: undefined,
  SourceMissing: 'fetch source',
  Unrendered: 'render manifests',
  Unrecorded: 'record inventory',
  Beginning: 'begin sync',
  SyncOver: 'end sync',
  NamespaceLeft: 'clear namespace metadata',
  NamespaceDue: 'keep namespace metadata',
  Untried: 'try objects',
  OutOfStep: 'apply objects',
  HooksDue: 'start hooks',
  HooksOver: 'end hooks',
  HooksSpent: 'clear hooks',
  SyncFailed: 'keep record',
  DepartureHeld: 'keep record',
  Blocked: 'await turn',
  Leftover: 'prune leftovers',
  Unsettled: 'settle record',
  RetreatDue: 'retreat',
  Contested: undefined,
  Waiting: 'await health',
  Settled: undefined,
};

it.each(Object.entries(ways))('out of %s: %s', (name, step) => {
  expect(chooseStep({ name } as DeliveryState)?.name).toBe(step);
});
