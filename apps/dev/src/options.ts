import { parseArgs } from 'node:util';
import { Fault } from '@flotilla/foundation';

/** A real cluster that the demo is to manage, named the way kubectl names it. */
export interface RealCluster {
  readonly kubeconfig: string;
  readonly context: string;
}

export interface DemoOptions {
  /** How many simulated clusters; as many as there were when nothing is said. */
  readonly clusters: number | undefined;
  readonly data: string | undefined;
  readonly port: number | undefined;
  readonly real: readonly RealCluster[];
  /** Walk the road by itself and exit. */
  readonly check: boolean;
  /** Play the story for a person to watch, on a fleet of its own. */
  readonly story: boolean;
  /** Stay up when the story is told. */
  readonly keep: boolean;
}

export const demoHelp = `npm run demo -- [options]

  --clusters N        simulated clusters of a new fleet (default 6)
  --data DIR          where everything is kept (default .flotilla in the checkout)
  --port P            port of the API and the page (default: 8080 if it is free)
  --kubeconfig FILE   manage a real cluster instead; with --context NAME, both repeatable
  --check             walk the road, print each step with its time, and exit
  --story             play a story in five acts on a new fleet: a release in waves, a bad one that stops, one that is
                      taken back everywhere, Git repaired, the ledger; with --keep, what it made stays up
`;

const clustersMax = 60;

/** Reads the command line; whatever is wrong is named together with what is right. */
export function readOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parsed(args);
  if (values.help) return 'help';
  const real = realClusters(values.kubeconfig ?? [], values.context ?? []);
  const { check = false, story = false, keep = false } = values;
  if (story && real.length > 0) throw wrong('--story plays on simulated clusters');
  if (story && check) throw wrong('--story and --check are two ways to walk; take one');
  if (keep && !story) throw wrong('--keep goes with --story: everything else stays up or ends by itself');
  return {
    clusters:
      values.clusters === undefined
        ? undefined
        : wholeNumber('--clusters', values.clusters, { least: 1, most: clustersMax }),
    data: values.data,
    port: values.port === undefined ? undefined : wholeNumber('--port', values.port, { least: 1, most: 65_535 }),
    real,
    check,
    story,
    keep,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        clusters: { type: 'string' },
        data: { type: 'string' },
        port: { type: 'string' },
        kubeconfig: { type: 'string', multiple: true },
        context: { type: 'string', multiple: true },
        check: { type: 'boolean' },
        story: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

/** One file may hold several contexts; several files need a context each. */
function realClusters(files: readonly string[], contexts: readonly string[]): RealCluster[] {
  if (files.length === 0 && contexts.length === 0) return [];
  if (files.length === 0) throw wrong('--context needs --kubeconfig FILE');
  if (contexts.length === 0)
    throw wrong('--kubeconfig needs --context NAME, so that no cluster is managed by accident');
  if (files.length !== 1 && files.length !== contexts.length) {
    throw wrong('give one --kubeconfig for all --context, or one for each');
  }
  return contexts.map((context, index) => ({ context, kubeconfig: files[index] ?? files[0]! }));
}

function wholeNumber(name: string, text: string, { least, most }: { least: number; most: number }): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(`${name} takes a whole number from ${least} to ${most}, not \`${text}\``);
}

function wrong(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'OptionsInvalid', message: `${message}\n\n${demoHelp}` });
}
