import { describe, expect, it } from 'vitest';
import type { RenderSettings } from '@flotilla/model';
import { chooseRenderer } from './choose-renderer.ts';
import { renderFiles } from './testing/render-files.ts';

function chosen(names: readonly string[], settings: RenderSettings = {}, path = 'app'): string {
  const outcome = chooseRenderer(renderFiles(Object.fromEntries(names.map((name) => [name, '']))), path, settings);
  return outcome.ok ? outcome.value : outcome.reason.map(({ file, message }) => `${file} ${message}`).join();
}

describe('the renderer of a folder', () => {
  it.each([
    ['plain', ['app/a.yaml']],
    ['plain', ['app/deep/kustomization.yaml']],
    ['plain', ['application/Chart.yaml']],
    ['kustomize', ['app/kustomization.yaml', 'app/a.yaml']],
    ['kustomize', ['app/kustomization.yml']],
    ['kustomize', ['app/Kustomization']],
    ['helm', ['app/Chart.yaml']],
    ['helm', ['app/kustomization.yaml', 'app/Chart.yaml']],
  ])('is %s for %j', (name, files) => expect(chosen(files)).toBe(name));

  it('is found at the root of a repository too', () => expect(chosen(['Chart.yaml'], {}, '.')).toBe('helm'));

  it.each<[string, readonly string[], RenderSettings]>([
    ['kustomize', ['app/kustomization.yaml', 'app/Chart.yaml'], { with: 'kustomize' }],
    ['plain', ['app/Chart.yaml'], { with: 'plain' }],
    ['app holds no Chart.yaml, which helm needs', ['app/a.yaml'], { with: 'helm' }],
    ['app holds no kustomization.yaml, which kustomize needs', ['app/Chart.yaml'], { with: 'kustomize' }],
    [
      'app is rendered as plain, and render.helm is for charts; remove one of the two',
      ['app/a.yaml'],
      { helm: { values: {} } },
    ],
    ['helm', ['app/Chart.yaml'], { helm: { values: {} } }],
  ])('is %s for %j when settings say %j', (said, files, settings) => expect(chosen(files, settings)).toBe(said));
});
