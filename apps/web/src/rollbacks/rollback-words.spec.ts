import { describe, expect, it } from 'vitest';
import { previewOrders, rollbackCommand, selectionText, someText } from './rollback-words.ts';

const to = 'previous-good';

describe('an order to go back', () => {
  it('is typed as it was chosen, names of others as words of the shell', () => {
    const selections = [
      { application: 'checkout', environment: 'production', selector: 'region in (eu,us)' },
      { cluster: 'eu-1', digest: '9f86d081' },
      { fleet: true as const, release: 'release-1' },
      { application: '$(reboot)', selector: "a='; reboot" },
    ];
    expect([
      ...selections.map((selection) => rollbackCommand({ selection, to })),
      rollbackCommand({ selection: { application: 'mail' }, to: '2026-01-31T12:00:00Z' }),
    ]).toEqual([
      "flotilla rollback checkout --environment production -l 'region in (eu,us)'",
      'flotilla rollback --cluster eu-1 --digest 9f86d081',
      'flotilla rollback --release release-1 --fleet',
      String.raw`flotilla rollback '$(reboot)' -l 'a='\''; reboot'`,
      'flotilla rollback mail --to 2026-01-31T12:00:00Z',
    ]);
  });

  it('says whom it touches', () => {
    const blast = { targets: 1_204, applications: 1, environments: 2, clusters: 700 };
    const orders = previewOrders({ selection: { application: 'mail' }, to }, { standing: 's', blast, places: [] });
    const touches =
      'takes back 1,204 targets (1 application, 2 environments, 700 clusters). It shows this once more, and asks.';
    expect(orders).toEqual([
      { does: 'Go back', touches, command: 'flotilla rollback mail --reason REASON' },
      {
        does: 'All at once',
        touches: 'does the same at the same moment everywhere, and not in these waves.',
        command: 'flotilla rollback mail --at-once --reason REASON',
      },
      { does: 'Only show', touches: 'changes nothing.', command: 'flotilla rollback mail --dry-run' },
    ]);
  });

  it('is said in words, and clusters by the first of their names', () => {
    expect([
      selectionText({ application: 'mail', environment: 'dev', cluster: 'eu-1' }),
      selectionText({ selector: 'region=eu' }),
      selectionText({ fleet: true }),
      someText({ count: 1_002, names: ['a', 'b'] }),
      someText({ count: 1, names: ['a'] }),
    ]).toEqual([
      'mail in dev on eu-1',
      'everything on clusters with region=eu',
      'the whole fleet',
      'a, b and 1,000 more',
      'a',
    ]);
  });
});
