import { describe, expect, it } from 'vitest';
import { documentOf } from '../mock/factories.ts';
import { writtenStages } from './written-stages.ts';

const application = documentOf('Application', 'checkout', { pipeline: 'standard' });
const pipeline = (stages: unknown) => documentOf('Pipeline', 'standard', { stages });

describe('the stages of an application', () => {
  it('are said as they are written, gates that this page does not know by their name', () => {
    const stages = [
      { environment: 'dev', track: { repository: 'shop', branch: 'main' } },
      { environment: 'tagged', track: { repository: 'shop', tag: 'v1' } },
      {
        environment: 'production',
        after: ['dev'],
        promote: 'manual',
        gates: [{ soak: '4h' }, { approval: { group: 'leads', count: 2 } }, { web: { url: 'https://example.org' } }],
      },
    ];
    expect(writtenStages('checkout', [application, pipeline(stages)])).toEqual([
      { environment: 'dev', tracks: 'main of shop', after: [], gates: [] },
      { environment: 'tagged', tracks: 'tag v1 of shop', after: [], gates: [] },
      { environment: 'production', after: ['dev'], promote: 'manual', gates: ['soak 4h', 'approval', 'web'] },
    ]);
  });

  it('are shown, never trusted: what cannot be read is passed over', () => {
    const stages = [
      null,
      'dev',
      { environment: 7 },
      { environment: 'dev', track: 'main', after: 'x', gates: [null, 'soak'], promote: 3 },
      { environment: 'odd', track: { branch: {} }, after: [1, 'dev'] },
    ];
    expect(writtenStages('checkout', [application, pipeline(stages)])).toEqual([
      { environment: 'dev', tracks: 'tag ? of ?', after: [], gates: [] },
      { environment: 'odd', tracks: '? of ?', after: ['dev'], gates: [] },
    ]);
  });

  it('are none where the application, its pipeline or the stages are missing', () => {
    const broken = pipeline({ dev: true });
    const found = [[], [application], [broken], [application, broken]].map((all) => writtenStages('checkout', all));
    expect(found).toEqual([[], [], [], []]);
  });
});
