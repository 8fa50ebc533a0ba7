import { done, refused, type Outcome } from '@flotilla/foundation';
import type { RendererName } from '@flotilla/model';
import { problemLine } from '@flotilla/workload-manifests';
import { readPrinted, renderPlain, type Rendered } from '@flotilla/workload-render';
import type { ChosenRenderer, Renderer, RenderFailure, RenderOrder } from '../ports/renderer.port.ts';

/** Renders plain files as the real one does; what a program prints is what the test says. */
export class InMemoryRenderer implements Renderer {
  /** What each program prints for an order; by itself, all files of the path one after another. */
  readonly prints: Record<Exclude<RendererName, 'plain'>, (order: RenderOrder) => string> = {
    kustomize: filesOfPath,
    helm: filesOfPath,
  };
  readonly versions: Record<RendererName, string> = { plain: '1', kustomize: 'v5.8.0', helm: 'v4.0.0' };
  /** How often a program ran. */
  runs = 0;

  async choose({ settings }: RenderOrder): Promise<Outcome<ChosenRenderer, RenderFailure>> {
    const name = settings?.with ?? 'plain';
    return done({ name, version: this.versions[name] });
  }

  async render(order: RenderOrder): Promise<Outcome<Rendered, RenderFailure>> {
    const { settings, variables } = order;
    const name = settings?.with ?? 'plain';
    if (name !== 'plain') this.runs++;
    const read =
      name === 'plain'
        ? renderPlain({ files: order.files, path: order.path, variables })
        : readPrinted([{ path: `${name}.yaml`, text: this.prints[name](order) }], { variables });
    const kind = name === 'plain' ? 'Invalid' : 'Failed';
    return read.ok ? read : refused({ kind, messages: read.reason.map(problemLine) });
  }
}

function filesOfPath({ files, path }: RenderOrder): string {
  const inside = files.filter((file) => file.path.startsWith(`${path}/`));
  return inside.map(({ content }) => `---\n${Buffer.from(content).toString('utf8')}`).join('');
}

/** A renderer that fails, or never ends, for as long as a test says so, and then does what the one behind it does. */
export class FailingRenderer implements Renderer {
  failure: RenderFailure | undefined;
  hangs = false;
  /** Renders that began and hang, and how many of them were not told to end. */
  begun = 0;
  running = 0;
  readonly #inner: Renderer;

  constructor(inner: Renderer = new InMemoryRenderer()) {
    this.#inner = inner;
  }

  choose(order: RenderOrder): Promise<Outcome<ChosenRenderer, RenderFailure>> {
    return this.#inner.choose(order);
  }

  async render(order: RenderOrder, signal: AbortSignal): Promise<Outcome<Rendered, RenderFailure>> {
    if (this.failure) return refused(this.failure);
    if (!this.hangs) return this.#inner.render(order, signal);
    this.begun++;
    this.running++;
    signal.addEventListener('abort', () => this.running--, { once: true });
    return new Promise(() => undefined);
  }
}
