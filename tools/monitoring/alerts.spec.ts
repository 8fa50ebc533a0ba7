import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findDeployProgram } from '../../libs/testing/src/deploy-programs/deploy-programs.ts';
import { alertCases, type AlertCase, type Series } from './alert-cases.ts';
import { alertFiles, alertProblems, alertRules } from './alert-rules.ts';

const promtool = findDeployProgram('promtool');
const folder = mkdtempSync(join(tmpdir(), 'flotilla-alerts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rules = alertRules();

describe('alerts', () => {
  it('stand on what is measured, and lead to a section of the runbook', () => {
    expect(alertProblems(rules)).toEqual([]);
  });

  it('would be found out if they did not', () => {
    const [first] = rules;
    const lame = {
      ...first!,
      expr: 'flotilla_gone > 0',
      labels: { severity: 'some' },
      annotations: { ...first!.annotations, runbook: 'x' },
    };
    const problems = alertProblems([lame, { ...first!, alert: 'FlotillaUnknown' }], '### Forgotten\n');
    expect(problems).toEqual([
      `alert ${lame.alert}: there is no metric flotilla_gone`,
      `alert ${lame.alert}: some is no severity`,
      `alert ${lame.alert}: has no section in docs/runbook.md`,
      `alert ${lame.alert}: does not lead to its section`,
      'alert FlotillaUnknown: has no section in docs/runbook.md',
      'alert FlotillaUnknown: does not lead to its section',
      'docs/runbook.md: Forgotten is no alert',
    ]);
  });

  it('each have a case that fires and one that does not', () => {
    expect([...new Set(alertCases.map(({ alert }) => alert))].toSorted()).toEqual(
      rules.map(({ alert }) => alert).toSorted(),
    );
  });
});

/** One test of promtool: with these series the alert fires, or it does not. */
function promtoolTest({ alert, at }: AlertCase, series: readonly Series[], isFiring: boolean): object {
  const expr = `count(ALERTS{alertname="${alert}",alertstate="firing"})`;
  return {
    name: `${alert} ${isFiring ? 'fires' : 'is quiet'}`,
    interval: '1m',
    input_series: series.map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [{ expr, eval_time: `${at}m`, exp_samples: isFiring ? [{ labels: '{}', value: 1 }] : [] }],
  };
}

function runPromtool(...words: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(promtool!, words, { encoding: 'utf8' });
  return { code: status, said: `${stdout}${stderr}` };
}

/** JSON is YAML. */
function runTests(tests: readonly object[]): { code: number | null; said: string } {
  const file = join(folder, 'alerts.test.yaml');
  writeFileSync(
    file,
    JSON.stringify({ rule_files: alertFiles.map((each) => resolve(each)), evaluation_interval: '1m', tests }),
  );
  return runPromtool('test', 'rules', file);
}

describe.skipIf(!promtool)('alerts, evaluated by promtool', { timeout: 120_000 }, () => {
  it('are rules as Prometheus takes them', () => {
    expect(runPromtool('check', 'rules', ...alertFiles)).toMatchObject({ code: 0 });
  });

  it('fire when they should, and not when it only looks like it', () => {
    const tests = alertCases.flatMap((each) => [
      promtoolTest(each, each.fires, true),
      promtoolTest(each, each.quiet, false),
    ]);
    expect(runTests(tests)).toEqual({ code: 0, said: expect.stringContaining('SUCCESS') as string });
  });

  it('would be found out if they did not', () => {
    const [first] = alertCases;
    expect(runTests([promtoolTest(first!, first!.quiet, true)])).toMatchObject({ code: 1 });
  });
});
