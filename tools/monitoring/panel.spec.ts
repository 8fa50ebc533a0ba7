import { expect, it } from 'vitest';
import { grafanaJson } from './panel.ts';

it('a dashboard is laid out in rows that are named by a question', () => {
  const panel = {
    title: 'Due',
    help: 'Keys',
    unit: 'short',
    shape: 'number',
    worry: 1,
    queries: [{ expr: 'a', legend: 'b' }],
  } as const;
  const rows = [{ question: 'Is work done?', panels: [panel, { ...panel, shape: 'lines' as const }] }];
  const { panels, uid } = grafanaJson({ file: 'x', title: 'X', rows }) as {
    uid: string;
    panels: Record<string, unknown>[];
  };
  expect({ uid, panels: panels.map(({ type, title, gridPos, id }) => ({ type, title, gridPos, id })) }).toEqual({
    uid: 'flotilla-x',
    panels: [
      { id: 1, type: 'row', title: 'Is work done?', gridPos: { x: 0, y: 0, w: 24, h: 1 } },
      { id: 2, type: 'stat', title: 'Due', gridPos: { x: 0, y: 1, w: 12, h: 8 } },
      { id: 3, type: 'timeseries', title: 'Due', gridPos: { x: 12, y: 1, w: 12, h: 8 } },
    ],
  });
});
