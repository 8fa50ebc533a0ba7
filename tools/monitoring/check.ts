/**
 * Holds dashboards and alerts against what the code measures. `--write` writes the dashboards anew from their
 * description; without it, one that is not as described is a problem.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { alertProblems, alertRules } from './alert-rules.ts';
import { dashboards } from './dashboards.ts';
import { grafanaJson, type Dashboard } from './panel.ts';
import { problemsOf } from './known-metrics.ts';

const isWriting = process.argv.includes('--write');
const fileOf = ({ file }: Dashboard) => `deploy/dashboards/${file}.json`;
const described = new Set(dashboards.map(fileOf));
const problems = [
  ...dashboards.flatMap(panelProblems),
  ...dashboards.flatMap(staleFile),
  ...globSync('deploy/dashboards/*').flatMap((file) => (described.has(file) ? [] : [`${file}: nothing describes it`])),
  ...alertProblems(alertRules()),
];
if (problems.length > 0) {
  console.log(problems.join('\n'));
  process.exitCode = 1;
}

function panelProblems({ title, rows }: Dashboard): string[] {
  return rows.flatMap(({ panels }) =>
    panels.flatMap((panel) =>
      panel.queries.flatMap(({ expr }) => problemsOf(expr).map((problem) => `${title}, ${panel.title}: ${problem}`)),
    ),
  );
}

function staleFile(dashboard: Dashboard): string[] {
  const file = fileOf(dashboard);
  const text = `${JSON.stringify(grafanaJson(dashboard), undefined, 2)}\n`;
  if (isWriting) writeFileSync(file, text);
  const fresh = existsSync(file) && readFileSync(file, 'utf8') === text;
  return fresh ? [] : [`${file}: is not as described; write it anew with: npm run dashboards`];
}
