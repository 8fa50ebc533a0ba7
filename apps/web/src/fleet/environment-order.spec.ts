import { describe, expect, it } from 'vitest';
import { documentOf } from '../mock/factories.ts';
import { environmentOrder } from './environment-order.ts';

const environment = (name: string) => documentOf('Environment', name, {});
const pipeline = (name: string, ...environments: unknown[]) =>
  documentOf('Pipeline', name, { stages: environments.map((each) => ({ environment: each })) });

describe('environments stand in the order in which a release walks through them', () => {
  it('by the stages, the longest pipeline first; what is in none comes last, by name', () => {
    const documents = [
      environment('lab'),
      environment('production'),
      environment('dev'),
      pipeline('hotfix', 'production', 'emergency'),
      pipeline('standard', 'dev', 'staging', 'production'),
    ];
    expect(environmentOrder(documents, ['attic', 'dev'])).toEqual([
      'dev',
      'staging',
      'production',
      'emergency',
      'attic',
      'lab',
    ]);
  });

  it('passes over stages that cannot be read', () => {
    const strange = [documentOf('Pipeline', 'a', { stages: 'all' }), pipeline('b', 7, undefined, 'dev')];
    const empty = documentOf('Pipeline', 'c', { stages: [null, {}] });
    expect(environmentOrder([...strange, empty], [])).toEqual(['dev']);
  });
});
