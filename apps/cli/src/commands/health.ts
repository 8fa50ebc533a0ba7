import { healthOf, type Health } from '@flotilla/workload-health';
import type { KubeObject } from '@flotilla/model';
import { exitCodes } from '../exit-codes.ts';
import { declareFiles, type FileOptions } from '../files/declare-files.ts';
import { readFiles } from '../files/read-files.ts';
import { reasonText, toneOf } from '../nouns/cells.ts';
import { readObjects } from '../objects/read-objects.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { formatTable, type Cell } from '../output/table.ts';
import type { Tones } from '../output/tones.ts';
import { defineVerb } from '../program/verb.ts';

interface HealthOptions extends FileOptions {
  readonly output?: 'json' | 'yaml';
}

interface Judged {
  readonly object: KubeObject;
  readonly health: Health;
}

/** Judges Kubernetes objects as an agent does. Exit code 1 says that one is not well. */
export const health = defineVerb<HealthOptions>({
  tellsDifferences: true,
  examples: ['health -f <(kubectl get deployments -o yaml)', 'health -f deployment.yaml -o json'],
  declare: (command) => void declareFiles(command).addOption(outputOption('json', 'yaml')),
  run: async (session, _, { filename, recursive = false, output }) => {
    const objects = readObjects(await readFiles(session.world, filename, { recursive }));
    const judged = objects.map((object) => ({ object, health: healthOf(object) }));
    if (output) session.printExact(await structured({ items: judged.map(verdict) }, output));
    else session.print(tableOf(judged, session.tones));
    return judged.every(isWell) ? exitCodes.ok : exitCodes.failure;
  },
});

/** Somebody suspended it on purpose: it is as it should be. */
function isWell({ health: { status } }: Judged): boolean {
  return status === 'Healthy' || status === 'Suspended';
}

function verdict({ object: { apiVersion, kind, metadata }, health: judged }: Judged) {
  const { name, namespace } = metadata;
  return { apiVersion, kind, ...(namespace && { namespace }), name, ...judged };
}

function tableOf(judged: readonly Judged[], tones: Tones): string {
  if (judged.length === 0) return '';
  const headers = ['KIND', 'NAMESPACE', 'NAME', 'HEALTH', 'REASON'];
  return formatTable({ headers, rows: judged.map((one) => rowOf(one, tones)) });
}

function rowOf({ object: { kind, metadata }, health: { status, reason } }: Judged, tones: Tones): Cell[] {
  const tone = toneOf(status);
  return [
    { text: kind },
    { text: metadata.namespace ?? '<none>' },
    { text: metadata.name },
    { text: status, paint: tone && tones[tone] },
    { text: reason ? reasonText(reason) : '<none>' },
  ];
}
