import { done, refused, type Outcome } from '@flotilla/foundation';
import type { Programs } from '../programs/programs.ts';
import { inFolder, isInside, type RenderFile } from '../render-file.ts';
import { fromProgram, inFiles, type RenderRefusal } from '../render-refusal.ts';
import type { ChartJob } from './chart-job.ts';
import { checkChart } from './check-chart.ts';
import { helmWords, ownValuesFile } from './helm-words.ts';
import { splitOutput, type TemplateOutput } from './split-output.ts';

/**
 * What helm makes of each template of a chart, without a cluster, as text: what it warns of and the notes for people are no
 * part of it. A chart that comes out otherwise each time is refused: it would change what runs whenever an agent starts.
 */
export async function templateChart(
  job: ChartJob,
  programs: Programs,
): Promise<Outcome<readonly TemplateOutput[], RenderRefusal>> {
  const problems = checkChart(job);
  if (problems.length > 0) return refused(inFiles(problems));
  const first = await run(job, programs);
  if (!first.ok || !mayVary(job)) return first;
  const second = await run(job, programs);
  if (!second.ok) return second;
  const differing = first.value.filter(({ text }, index) => text !== second.value[index]?.text);
  return differing.length > 0 ? refused(inFiles(differing.map(varies))) : first;
}

async function run(job: ChartJob, programs: Programs): Promise<Outcome<readonly TemplateOutput[], RenderRefusal>> {
  const { files, path, settings = {} } = job;
  const values = settings.values && { path: ownValuesFile, content: asBytes(settings.values) };
  const printed = await programs.run('helm', { words: helmWords(job), files: values ? [...files, values] : files });
  if (!printed.ok) return refused(fromProgram('helm', inFolder(path, 'Chart.yaml'), printed.reason));
  return done(splitOutput(printed.value, path));
}

function asBytes(values: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(values));
}

/** Words of templates that give another result each time. */
const varying =
  /\b(rand\w+|gen(CA|SelfSignedCert|SignedCert|PrivateKey)\w*|uuidv4|now|ago|htpasswd|bcrypt|encryptAES)\b/;

/** Only such a chart is rendered twice. What an archive holds is not looked into, so it counts as one. */
function mayVary({ files, path }: ChartJob): boolean {
  return files.some((file) => isInside(file.path, path) && (isArchive(file) || isVarying(file)));
}

function isArchive({ path }: RenderFile): boolean {
  return /\.(tgz|tar\.gz)$/.test(path);
}

function isVarying({ path, content }: RenderFile): boolean {
  return /(^|\/)templates\//.test(path) && varying.test(new TextDecoder().decode(content));
}

function varies({ path }: TemplateOutput) {
  const wayOut = 'give it the value, or let it refer to a Secret that is made once';
  return {
    file: path,
    message: `comes out otherwise each time it is rendered (randAlphaNum, genCA, now …); ${wayOut}`,
  };
}
