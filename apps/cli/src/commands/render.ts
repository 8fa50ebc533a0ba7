import { posix } from 'node:path';
import { renderPlain } from '@flotilla/workload-render';
import { readTree } from '../files/read-tree.ts';
import { counted } from '../output/counted.ts';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { InputFault } from '../program/input-fault.ts';
import { defineVerb } from '../program/verb.ts';

interface RenderOptions {
  readonly output?: 'json' | 'name';
}

/** Shows what an agent would make of a folder: all of it, or what has to be mended first. */
export const render = defineVerb<RenderOptions>({
  examples: [
    'render services/checkout/production',
    'render services/checkout/production -o name',
    'render services/checkout/production | kubectl diff -f -',
  ],
  declare: (command) => void command.argument('<path>').addOption(outputOption('json', 'name')),
  run: async (session, [given = '.'], { output }) => {
    const path = posix.normalize(given).replace(/(?<=.)\/$/, '');
    const rendered = renderPlain({ files: await readTree(path), path });
    if (!rendered.ok) throw new InputFault(rendered.reason);
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
