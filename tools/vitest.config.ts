import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;

/** Workspace libs are read from their sources, so that a test never runs against a stale build. */
const resolve = { conditions: ['source'] };
const ssr = { resolve: { conditions: ['source'], externalConditions: ['source'] } };

function project(name: string, include: string[], options: Record<string, unknown> = {}) {
  return { resolve, ssr, root, test: { name, include, ...options } };
}

/**
 * Suites on real parts wait as long as they work, so two at a time keep two processors busy; half as many as there are
 * leave each its time. One number for all, so that nothing waits for another project to end.
 */
const maxWorkers = Math.max(2, Math.floor(availableParallelism() / 2));

/** A suite on real parts is slow to start. */
const real = { testTimeout: 120_000, hookTimeout: 180_000 };

export default defineConfig({
  root,
  test: {
    maxWorkers,
    projects: [
      project(
        'unit',
        [
          'libs/**/src/**/*.spec.{ts,tsx}',
          'apps/!(e2e)/src/**/*.spec.{ts,tsx}',
          'apps/e2e/src/fleet/**/*.spec.ts',
          'tools/**/*.spec.ts',
        ],
        // Properties try hundreds of cases, and the machine may be busy.
        { testTimeout: 30_000 },
      ),
      project('simulation', ['apps/e2e/src/simulation/**/*.spec.ts'], { testTimeout: 600_000 }),
      project('integration', ['apps/e2e/src/integration/**/*.spec.ts'], real),
      project('browser', ['apps/e2e/src/browser/**/*.spec.ts'], real),
      project('e2e', ['apps/e2e/src/{road,demo,faults}/**/*.spec.ts'], real),
    ],
  },
});
