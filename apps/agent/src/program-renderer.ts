import type { ChosenRenderer, Renderer, RenderFailure, RenderOrder } from '@flotilla/agent';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { plainRenderer } from '@flotilla/model';
import { problemLine, type SourceProblem } from '@flotilla/workload-manifests';
import {
  chooseRenderer,
  render,
  type InstalledPrograms,
  type Programs,
  type Rendered,
} from '@flotilla/workload-render';

/** Renders plain files in process, and everything else with the programs of this machine. */
export class ProgramRenderer implements Renderer {
  readonly #programs: InstalledPrograms;

  constructor(programs: InstalledPrograms) {
    this.#programs = programs;
  }

  async choose({ files, path, settings }: RenderOrder): Promise<Outcome<ChosenRenderer, RenderFailure>> {
    const chosen = chooseRenderer(files, path, settings);
    if (!chosen.ok) return failed('Invalid', chosen.reason);
    const name = chosen.value;
    if (name === 'plain') return done({ name, version: plainRenderer });
    const version = await this.#programs.versionOf(name);
    return version.ok
      ? done({ name, version: version.value })
      : refused({ kind: 'Unavailable', messages: [version.reason.message] });
  }

  async render(
    { kubernetesVersion: kubeVersion, ...order }: RenderOrder,
    signal: AbortSignal,
  ): Promise<Outcome<Rendered, RenderFailure>> {
    const rendered = await render({ ...order, capabilities: { kubeVersion } }, ending(this.#programs, signal));
    if (rendered.ok) return rendered;
    const { problems, mendedBy } = rendered.reason;
    if (mendedBy === 'this machine') return failed('Unavailable', problems);
    const chosen = chooseRenderer(order.files, order.path, order.settings);
    return failed(chosen.ok && chosen.value !== 'plain' ? 'Failed' : 'Invalid', problems);
  }
}

/** The same programs, each ended when the signal says so. */
function ending(programs: Programs, signal: AbortSignal): Programs {
  return { run: (name, job) => programs.run(name, { ...job, signal }) };
}

function failed(kind: RenderFailure['kind'], problems: readonly SourceProblem[]) {
  return refused({ kind, messages: problems.map(problemLine) });
}
