import { posix } from 'node:path';
import { Option } from 'commander';
import { counted } from '@flotilla/foundation';
import { rendererNames } from '@flotilla/model';
import { InstalledPrograms, render as renderFiles } from '@flotilla/workload-render';
import { readRenderJob, type RenderWords } from '../files/render-job.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { InputFault } from '../program/input-fault.ts';
import { defineVerb } from '../program/verb.ts';

interface RenderOptions extends RenderWords {
  readonly output?: 'json' | 'name';
}

/** Shows what an agent would make of a folder: all of it, or what has to be mended first. */
export const render = defineVerb<RenderOptions>({
  examples: [
    'render services/checkout/production',
    'render services/checkout/production -o name',
    'render services/checkout/production | kubectl diff -f -',
    'render services/catalog/overlays/production --also services/catalog/base',
    'render services/payments/chart --values services/payments/values/production.yaml',
  ],
  declare: (command) =>
    void command
      .argument('<path>')
      .addOption(outputOption('json', 'name'))
      .addOption(new Option('--with <renderer>', 'instead of what the files decide').choices(rendererNames))
      .option('--also <path...>', 'what a kustomization builds on, outside of its folder')
      .option('--values <file...>', 'values for a chart, the last one wins')
      .option('--release <name>', 'the name of the release inside a chart')
      .option('--namespace <name>', 'where the release of a chart goes'),
  run: async (session, [given = '.'], { output, ...words }) => {
    const path = posix.normalize(given).replace(/(?<=.)\/$/, '');
    const { KUSTOMIZE_BIN: kustomize, HELM_BIN: helm, PATH } = session.world.environment;
    const programs = new InstalledPrograms({ configured: { kustomize, helm }, path: PATH });
    const rendered = await renderFiles(await readRenderJob(path, words), programs, session.world.signal);
    if (!rendered.ok) throw new InputFault(rendered.reason.problems);
    const { manifests } = rendered.value;
    if (manifests.length === 0) return session.note(`nothing in ${path} is a manifest`);
    if (output === 'json') {
      const items = manifests.map(({ object }) => object);
      return session.printExact(await structured({ apiVersion: 'v1', kind: 'List', items }, 'json'));
    }
    for (const { key, object, file } of manifests) {
      if (output === 'name') session.print(visible(`${key.kind.toLowerCase()}/${key.name}`));
      else session.printExact(`---\n# ${visible(file)}\n${await structured(object, 'yaml')}`);
    }
    session.note(counted(manifests.length, 'object'));
  },
});
