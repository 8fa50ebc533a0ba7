import { describe, expect, it } from 'vitest';
import { FrameBatch } from './frame-batch.ts';

/** A batch, its frames painted by hand, and what it handed on. */
function scene(itemsMax = 100) {
  const frames: (() => void)[] = [];
  const handedOn: (readonly number[])[] = [];
  const batch = new FrameBatch<number>({
    nextFrame: () => new Promise((resolve) => frames.push(resolve)),
    itemsMax,
    flush: (items) => handedOn.push(items),
  });
  const paint = async () => {
    for (const frame of frames.splice(0)) frame();
    await Promise.resolve();
  };
  return { batch, handedOn, frames, paint };
}

describe('a batch', () => {
  it('hands on what came between two frames at once, in order, and asks for one frame only', async () => {
    const { batch, handedOn, frames, paint } = scene();
    for (const item of [1, 2, 3]) batch.add(item);
    const before = { handedOn: [...handedOn], frames: frames.length };
    await paint();
    batch.add(4);
    await paint();
    await paint();
    expect({ before, handedOn }).toEqual({ before: { handedOn: [], frames: 1 }, handedOn: [[1, 2, 3], [4]] });
  });

  it('never grows beyond its bound, painted or not', async () => {
    const { batch, handedOn, paint } = scene(2);
    for (const item of [1, 2, 3]) batch.add(item);
    const unpainted = [...handedOn];
    await paint();
    expect({ unpainted, handedOn }).toEqual({ unpainted: [[1, 2]], handedOn: [[1, 2], [3]] });
  });
});
