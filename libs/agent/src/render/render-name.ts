import { digestOf, sha256 } from '@flotilla/foundation/node';
import type { ChosenRenderer, RenderOrder } from '../ports/renderer.port.ts';

/**
 * The name of a render: the digest of the whole order and of who renders it. Files are told by what is in them, which is
 * what a commit and its trees stand for; an input that an order gets one day is in here from that day on.
 */
export function renderName({ files, ...order }: RenderOrder, renderer: ChosenRenderer): string {
  const contents = files.map(({ path, content }) => `${path} ${sha256(content)}`);
  return digestOf({ ...order, files: contents.toSorted(), renderer });
}
