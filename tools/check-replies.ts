/**
 * Nobody ever answers a reply subject: an agent that chose it could make the control plane speak to another agent.
 * Only Nest's own transport replies, on `ctl.*`, inside our own account; our code never calls `respond`.
 */
import { globSync, readFileSync } from 'node:fs';

const files = globSync(['apps/*/src/**/*.ts', 'libs/**/src/**/*.ts'], { exclude: ['**/node_modules/**'] });
const found = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => (/\.respond\(|\breply\s*:/.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
);
if (found.length > 0) {
  console.log(
    `a message may not be answered; send a new one to the cluster that the subject names:\n${found.join('\n')}`,
  );
  process.exitCode = 1;
}
