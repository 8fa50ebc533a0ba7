import type { ChosenRenderer, Renderer, RenderFailure as AgentFailure, RenderOrder } from '@flotilla/agent';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { plainRenderer } from '@flotilla/model';
import { problemLine, type SourceProblem } from '@flotilla/workload-manifests';
import { chooseRenderer, render, type Programs, type Rendered } from '@flotilla/workload-render';

/** Renders plain files in process, and everything else with the programs of this machine. */
export class ProgramRenderer implements Renderer {
  readonly #programs: Programs;
  readonly #agentVersion: string;

  /** What a program prints is read by this agent: another one may read it otherwise. */
  constructor(programs: Programs, agentVersion: string) {
    this.#programs = programs;
    this.#agentVersion = agentVersion;
  }

  async choose({ files, path, settings }: RenderOrder): Promise<Outcome<ChosenRenderer, AgentFailure>> {
    const chosen = chooseRenderer(files, path, settings);
    if (!chosen.ok) return refused(failure('Invalid', chosen.reason));
    const name = chosen.value;
    if (name === 'plain') return done({ name, version: plainRenderer });
    const found = await this.#programs.find(name);
    if (found.ok) return done({ name, version: `${found.value.version.join('.')} by ${this.#agentVersion}` });
    return refused({ kind: found.reason.kind, messages: [found.reason.message] });
  }

  async render(order: RenderOrder, signal: AbortSignal): Promise<Outcome<Rendered, AgentFailure>> {
    const { kubernetesVersion: kubeVersion, ...job } = order;
    const capabilities = { kubeVersion, apiVersions: job.settings?.helm?.apiVersions };
    const rendered = await render({ ...job, capabilities }, this.#programs, signal);
    return rendered.ok ? rendered : refused(failure(rendered.reason.kind, rendered.reason.problems));
  }
}

function failure(kind: AgentFailure['kind'], problems: readonly SourceProblem[]): AgentFailure {
  return { kind, messages: problems.map(problemLine) };
}
