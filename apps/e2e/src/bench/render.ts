import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { programPlaces } from '@flotilla/testing';
import { InstalledPrograms, render, type ProgramName, type RenderJob } from '@flotilla/workload-render';
import { renderSamples, type RenderSample } from '../support/render-samples.ts';
import { beside, rounded, type Bench } from './figure.ts';

const plainRenders = 400;
const programRenders = 40;

/** Renders a second, one after another: of plain files, and of programs beside the bare program on the same files. */
export const renderBench: Bench = {
  name: 'render',
  about: 'renders a second of one application of four objects: plain, kustomize, helm, beside the bare programs',
  run: async (tell) => {
    const programs = new InstalledPrograms(programPlaces());
    const { plain, ...foreign } = renderSamples;
    const took = await timed(plainRenders, () => rendered(plain.job, programs));
    const conditions = `four objects, median of ${plainRenders}, one after another`;
    tell({ metric: 'plainPerSecond', value: rounded(1_000 / took), unit: 'renders/s', conditions });
    for (const name of Object.keys(foreign) as ProgramName[]) {
      const program = await programs.find(name);
      if (!program.ok) throw new Error(program.reason.message);
      const { ours, bare } = await sideBySide(renderSamples[name], programs, program.value.file);
      tell({
        metric: `${name}PerSecond`,
        unit: 'renders/s',
        ...beside(1_000 / ours, 1_000 / bare),
        conditions: `four objects, ${name} ${program.value.version.join('.')}, median of ${programRenders}, one after another, each in a box and read; floor: the bare program on the same files`,
      });
    }
  },
};

/** In turns, so that a busy moment of the machine falls on both. */
async function sideBySide(sample: RenderSample, programs: InstalledPrograms, program: string) {
  const folder = written(sample.job);
  const samples: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  try {
    for (let turn = 0; turn < programRenders; turn++) {
      samples.ours.push(await once(() => rendered(sample.job, programs)));
      samples.bare.push(await once(() => promisify(execFile)(program, [...sample.words], { cwd: folder, env: {} })));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { ours: median(samples.ours), bare: median(samples.bare) };
}

async function rendered(job: RenderJob, programs: InstalledPrograms): Promise<void> {
  const made = await render(job, programs);
  if (!made.ok || made.value.manifests.length !== 4) throw new Error(`not rendered: ${JSON.stringify(made)}`);
}

function written({ files }: RenderJob): string {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function timed(times: number, work: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let turn = 0; turn < times; turn++) samples.push(await once(work));
  return median(samples);
}

async function once(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function median(samples: readonly number[]): number {
  return samples.toSorted((left, right) => left - right)[Math.floor(samples.length / 2)]!;
}
