import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import type { PlantedDefect } from './planted-defect.ts';

const root = new URL('../../../../../', import.meta.url);

/**
 * From now on this thread loads the file with its one line changed; nothing on disk is touched. It has to be called
 * before anything imports the file, which is why nothing of the product is imported here.
 */
export function plant(defect: PlantedDefect): void {
  const changed = withDefect(defect);
  const target = new URL(defect.file, root).href;
  registerHooks({
    load: (url, context, next) =>
      url === target
        ? { format: 'module', source: stripTypeScriptTypes(changed), shortCircuit: true }
        : next(url, context),
  });
}

/** The text of the file with the defect in it. A line that is not there any more is an error, so that none rots. */
export function withDefect({ file, line, becomes }: PlantedDefect): string {
  const lines = readFileSync(new URL(file, root), 'utf8').split('\n');
  const places = lines.flatMap((text, index) => (text.trim() === line ? [index] : []));
  const [place] = places;
  if (place === undefined || places.length > 1) throw new Error(`${file} has ${places.length} lines that say: ${line}`);
  return lines.with(place, becomes).join('\n');
}
