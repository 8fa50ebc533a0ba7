import { describe, expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import { InMemoryWorkTable } from './in-memory-work-table.ts';
import { workCases } from './work-cases.ts';

describe('work in memory', () => {
  it.each(workCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    const clock = new VirtualClock();
    const table = new InMemoryWorkTable(clock);
    const world = {
      table,
      mark: async (...keys: readonly string[]) => table.mark('plan', keys),
      markProjects: async (...projects: readonly string[]) =>
        projects.forEach((project) => table.mark('count', [project], project)),
      pass: (ms: number) => clock.advance(ms),
      errors: async () =>
        Object.fromEntries(table.waiting().flatMap(({ key, error }) => (error ? [[key, error]] : []))),
    };
    await expect(run(world)).resolves.toBeUndefined();
  });
});
