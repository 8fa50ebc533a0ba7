/**
 * Holds the deployment files against the code, because no Docker engine and no cluster runs here: every program that they
 * start exists, every setting that they give is one that the program reads, every setting that a program needs is given,
 * and an agent is started in a cluster as it is started here. What helm makes of the charts is for `charts.spec.ts`.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly privileged?: boolean;
  readonly read_only?: boolean;
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const problems: string[] = [];
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as Compose;
const shared = settingsIn('libs/control/host/src/service-settings.ts');

for (const [name, service] of Object.entries(compose.services)) {
  if (!service.image || !/:[\w.-]*\d[\w.-]*$/.test(service.image))
    problems.push(`compose: ${name} has no image with a version`);
  if (service.privileged) problems.push(`compose: ${name} is privileged`);
  for (const secret of service.secrets ?? []) {
    if (!compose.secrets[secret]) problems.push(`compose: ${name} uses the secret ${secret}, which is not declared`);
  }
  const program = service.command?.find((word) => word.startsWith('apps/'));
  if (program) checkProgram(name, program, service);
}
checkDockerfile('deploy/images/Dockerfile');
for (const app of ['sources', 'delivery', 'status', 'gateway']) {
  const given = [...givenIn('flotilla', 'shared'), ...givenIn('flotilla', app)];
  checkGiven(`chart flotilla: ${app}`, settingsOf(app), given);
}
checkGiven('chart flotilla-agent', settingsIn('apps/agent/src/settings.ts'), givenIn('flotilla-agent', 'environment'));
checkFrugal();
checkVersions();

if (problems.length > 0) {
  console.log(problems.join('\n'));
  process.exitCode = 1;
}

function checkProgram(name: string, program: string, service: ComposeService): void {
  const app = /^apps\/([\w-]+)\/dist\/main\.js$/.exec(program)?.[1];
  if (!app || !existsSync(`apps/${app}/src/main.ts`))
    return void problems.push(`compose: ${name} starts ${program}, which nothing builds`);
  if (!service.read_only) problems.push(`compose: ${name} may write to its own image`);
  checkGiven(`compose: ${name}`, settingsOf(app), Object.keys(service.environment ?? {}));
}

/** Nothing is given that nobody reads, and nothing is missing that somebody needs. A file stands for what is in it. */
function checkGiven(who: string, known: ReadonlyMap<string, boolean>, names: readonly string[]): void {
  const given = new Set(names.map((key) => key.replace(/_FILE$/, '')));
  for (const key of given) if (!known.has(key)) problems.push(`${who} is given ${key}, which it does not read`);
  for (const [key, needed] of known) if (needed && !given.has(key)) problems.push(`${who} needs ${key}`);
}

function settingsOf(app: string): Map<string, boolean> {
  return new Map([...shared, ...settingsIn(`apps/${app}/src/settings.ts`)]);
}

/** The names that a chart hands over, in the one place where it does so. */
function givenIn(chart: string, part: string): string[] {
  const text = readFileSync(`deploy/charts/${chart}/templates/_environment.tpl`, 'utf8');
  const block = text.split('{{- define "').find((each) => new RegExp(`^[a-z.]+\\.?\\b${part}"`).test(each));
  const names = [...(block ?? '').matchAll(/\bname: ([A-Z][A-Z_]+)\b/g)].map(([, name]) => name!);
  if (names.length === 0) problems.push(`chart ${chart} hands nothing over in its part ${part}`);
  return names;
}

/** Flags and variables that keep a process small are measured in one place and meant for all. */
function checkFrugal(): void {
  const control = 'libs/testing/src/control-plane';
  const agent = frugalIn(`${control}/agent-process.ts`);
  const environment = frugalIn('deploy/charts/flotilla-agent/templates/_environment.tpl');
  const started = [...environment, ...frugalIn('deploy/charts/flotilla-agent/templates/deployment.yaml')];
  const service = frugalIn(`${control}/services.ts`);
  const starts = [
    { who: 'chart flotilla-agent', given: started, meant: agent },
    { who: 'chart flotilla', given: frugalIn('deploy/charts/flotilla/templates/deployment.yaml'), meant: service },
    ...['sources', 'delivery', 'status', 'gateway'].map((name) => ({
      who: `compose: ${name}`,
      given: frugalWords((compose.services[name]?.command ?? []).join(' ')),
      meant: service,
    })),
  ];
  for (const { who, given, meant } of starts) {
    if (meant.length === 0 || given.toSorted().join() !== meant.toSorted().join())
      problems.push(`${who} starts with ${given.join(' ')}, and the demo with ${meant.join(' ')}`);
  }
}

function frugalIn(file: string): string[] {
  return frugalWords(readFileSync(file, 'utf8'));
}

function frugalWords(text: string): string[] {
  const variables = [...text.matchAll(/\b(MALLOC_[A-Z_]+)(?:: |, value: )'(\d+)'/g)];
  const flags = text.match(/--(max-semi-space-size|heap-growing-percent)=\d+/g) ?? [];
  return [...variables.map(([, key, value]) => `${key}=${value}`), ...flags];
}

/** A chart installs the version that it was released with. */
function checkVersions(): void {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  for (const file of globSync('deploy/charts/*/Chart.yaml')) {
    const chart = parse(readFileSync(file, 'utf8')) as { version: string; appVersion: string };
    if (chart.appVersion !== version || chart.version !== version)
      problems.push(`${file} is not of version ${version}`);
  }
}

/** The settings that a file declares, and whether each has to be given. */
function settingsIn(file: string): Map<string, boolean> {
  const found = readFileSync(file, 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+): ([^\n]*(?:\n {4,}[^\n]*)*)/gm);
  return new Map(Array.from(found, ([, key, schema]) => [key!, !/\.(optional|default)\(/.test(schema!)]));
}

function checkDockerfile(file: string): void {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const say = (what: string) => problems.push(`${file}: ${what}`);
  for (const line of lines) {
    const [, image] = /^FROM (\S+)/.exec(line) ?? [];
    if (image && !/:[\w.-]*(\d|nonroot)[\w.-]*$/.test(image)) say(`${image} has no version`);
    if (line.startsWith('ADD ')) say('ADD fetches and unpacks what nobody checks; use COPY');
    const [, source] = /^COPY (?!--from)(\S+) /.exec(line) ?? [];
    if (source && source !== '.' && globSync(source).length === 0) say(`${source} does not exist`);
  }
  if (!/^USER (?!root)/m.test(text)) say('runs as root');
  for (const manifest of globSync('apps/*/package.json'))
    if (!text.includes(manifest)) say(`${manifest} is not copied before npm ci`);
}
