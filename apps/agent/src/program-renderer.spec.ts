import { rendererCases } from '@flotilla/agent/testing';
import { InstalledPrograms } from '@flotilla/workload-render';
import { describe, expect, it } from 'vitest';
import { ProgramRenderer } from './program-renderer.ts';

const file = (path: string, text: string) => ({ path, content: Buffer.from(text) });
const order = {
  files: [file('app/Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n')],
  path: 'app',
  settings: undefined,
  application: 'checkout',
  namespace: 'shop',
  variables: undefined,
  kubernetesVersion: 'v1.36.0',
};

describe('the renderer of a real agent, where no program is installed', () => {
  const renderer = new ProgramRenderer(new InstalledPrograms({ path: '/nowhere' }), '0.1.0');

  it.each(rendererCases)('$what', ({ run }) => expect(run(renderer)).resolves.toBeUndefined());

  it('names the program that a chart takes, and the way to have it', async () => {
    expect(await renderer.choose(order)).toEqual({
      ok: false,
      reason: {
        kind: 'Unavailable',
        messages: [expect.stringMatching(/^helm is not on the PATH of this machine; needed is .* HELM_BIN/)],
      },
    });
  });

  it('refuses settings that do not fit the files, before any program is looked for', async () => {
    const settings = { with: 'kustomize' } as const;
    expect(await renderer.choose({ ...order, settings })).toEqual({
      ok: false,
      reason: { kind: 'Invalid', messages: ['app: holds no kustomization.yaml, which kustomize needs'] },
    });
  });
});
