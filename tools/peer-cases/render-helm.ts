import type { RenderSettings } from '@flotilla/model';
import { templateChart, type ChartJob } from '@flotilla/workload-render';
import type { Adapter } from './peer-case.ts';
import { filesOf, isHere, notOffered, programs, valuesOf } from './programs.ts';

/**
 * What helm makes of a chart by the words that our settings can say as well. A refusal is compared as one: how helm tells
 * it on a terminal is nothing that we promise.
 */
export const chart: Adapter = async ({ files, args, expected = {} }) => {
  const words = args as readonly string[];
  const asked = readWords(words);
  if (!asked) return notOffered(`helm ${words.join(' ')}: no setting of ours says that`);
  if (!(await isHere('helm'))) return undefined;
  const made = await templateChart({ ...asked, files: filesOf(files, `${folder}/`) }, programs);
  const wanted = expected['error'] === true ? 'refused' : valuesOf(expected['output'] as string);
  return {
    expected: wanted,
    actual: made.ok ? valuesOf(made.value.map(({ text }) => text).join('\n---\n')) : 'refused',
  };
};

const folder = 'chart';

type Asked = Omit<ChartJob, 'files'>;
type HelmSettings = NonNullable<RenderSettings['helm']>;

/** The words after `helm template` as a job of ours; `undefined` when one of them says what no setting says. */
function readWords([verb, ...words]: readonly string[]): Asked | undefined {
  if (verb !== 'template') return undefined;
  const positional: string[] = [];
  let asked: Asked | undefined = theirDefaults;
  const rest = words.flatMap((word) =>
    /^--[\w-]+=/.test(word) ? [word.replace(/=.*/s, ''), word.replace(/^[^=]*=/s, '')] : [word],
  );
  while (rest.length > 0 && asked) {
    const word = rest.shift()!;
    if (!word.startsWith('-')) positional.push(word);
    else asked = flags[word]?.(asked, word in switches ? '' : (rest.shift() ?? ''));
  }
  const [name, target = name] = positional;
  if (target !== 'CHART' || positional.length > 2) return undefined;
  return asked && positional.length === 2 ? { ...asked, releaseName: name! } : asked;
}

/** What helm takes when nothing is said, and the cluster that its tests assume. */
const theirDefaults: Asked = {
  path: folder,
  namespace: 'default',
  releaseName: 'release-name',
  settings: { skipCrds: true },
  capabilities: { kubeVersion: 'v1.20.0' },
};

const switches = { '--skip-tests': true, '--include-crds': true, '--debug': true };

const flags: Readonly<Record<string, (asked: Asked, value: string) => Asked | undefined>> = {
  '--debug': (asked) => asked,
  '--skip-tests': (asked) => withSettings(asked, { skipTests: true }),
  '--include-crds': (asked) => withSettings(asked, { skipCrds: false }),
  '--namespace': (asked, namespace) => ({ ...asked, namespace }),
  '-n': (asked, namespace) => ({ ...asked, namespace }),
  '--name-template': (asked, name) => (name.includes('{{') ? undefined : { ...asked, releaseName: name }),
  '--kube-version': (asked, kubeVersion) => ({ ...asked, capabilities: { ...asked.capabilities, kubeVersion } }),
  '--api-versions': (asked, list) => {
    const apiVersions = [...(asked.capabilities?.apiVersions ?? []), ...list.split(',')];
    return { ...asked, capabilities: { ...asked.capabilities, apiVersions } };
  },
  '--values': withValuesFile,
  '-f': withValuesFile,
  '--set': withValue,
};

function withSettings(asked: Asked, settings: HelmSettings): Asked {
  return { ...asked, settings: { ...asked.settings, ...settings } };
}

function withValuesFile(asked: Asked, file: string): Asked | undefined {
  if (!file.startsWith('CHART/') || file.includes(',')) return undefined;
  const valuesFiles = [...(asked.settings?.valuesFiles ?? []), file.replace('CHART', folder)];
  return withSettings(asked, { valuesFiles });
}

/** `a.b=c`. helm's lists, escapes and several at once have a grammar of their own, and are no values as we write them. */
function withValue(asked: Asked, text: string): Asked | undefined {
  const [, path, value] = /^([\w.-]+)=([^,{}[\]\\]*)$/.exec(text) ?? [];
  if (path === undefined) return undefined;
  const added = path.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), typed(value!));
  return withSettings(asked, { values: merged(asked.settings?.values ?? {}, added as Values) });
}

type Values = Readonly<Record<string, unknown>>;

function merged(under: Values, over: Values): Values {
  const entries = Object.entries(over).map(([key, value]) => {
    const before = under[key];
    return [key, isValues(before) && isValues(value) ? merged(before, value) : value];
  });
  return { ...under, ...Object.fromEntries(entries) };
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}

function typed(text: string): unknown {
  if (/^(true|false|null|0|[1-9]\d{0,14})$/.test(text)) return JSON.parse(text);
  return text;
}
