import { expect, it } from 'vitest';
import { Trouble } from './trouble.ts';

it('a line breaks before or after the other side did its work, as often as it is told to', async () => {
  const done: string[] = [];
  const trouble = new Trouble();
  const port = trouble.over({ write: async (line: string) => void done.push(line) });
  trouble.fail('before', 1);
  await expect(port.write('a')).rejects.toMatchObject({ reason: 'LineBroken', consequence: { kind: 'retry' } });
  trouble.fail('after');
  await expect(port.write('b')).rejects.toMatchObject({ reason: 'LineBroken' });
  await expect(port.write('c')).rejects.toMatchObject({ reason: 'LineBroken' });
  trouble.recover();
  await port.write('d');
  expect(done).toEqual(['b', 'c', 'd']);
});
