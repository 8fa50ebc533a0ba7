import type { ChosenRenderer, Renderer, RenderFailure, RenderOrder } from '@flotilla/agent';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { problemLine } from '@flotilla/workload-manifests';
import { renderPlain, type Rendered } from '@flotilla/workload-render';

/** Renders plain files. Programs are not offered yet: whoever asks for one, in the files or in settings, is refused by name. */
export class ProgramRenderer implements Renderer {
  async choose({ settings }: RenderOrder): Promise<Outcome<ChosenRenderer, RenderFailure>> {
    const name = settings?.with ?? 'plain';
    if (name === 'plain') return done({ name, version: '1' });
    return refused({ kind: 'Unavailable', messages: [`rendering with ${name} is not offered yet`] });
  }

  async render({ files, path, variables }: RenderOrder): Promise<Outcome<Rendered, RenderFailure>> {
    const rendered = renderPlain({ files, path, variables });
    return rendered.ok ? rendered : refused({ kind: 'Invalid', messages: rendered.reason.map(problemLine) });
  }
}
