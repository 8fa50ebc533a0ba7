import { describe, expect, it } from 'vitest';
import { edgePath, layOut, sizeOf } from './stage-layout.ts';

const stage = (environment: string, ...after: readonly string[]) => ({ environment, after });

function drawn(...stages: readonly ReturnType<typeof stage>[]): Record<string, string> {
  const { places } = layOut(stages);
  return Object.fromEntries([...places].map(([name, { column, row }]) => [name, `${column}.${row}`]));
}

describe('the drawing of a pipeline', () => {
  it('has each stage to the right of all that it comes after, however far back', () => {
    const stages = [
      stage('dev'),
      stage('staging', 'dev'),
      stage('canary', 'dev'),
      stage('production', 'canary', 'staging', 'dev'),
      stage('archive', 'production'),
    ];
    expect(drawn(...stages)).toEqual({
      dev: '0.0',
      staging: '1.0',
      canary: '1.1',
      production: '2.0',
      archive: '3.0',
    });
  });

  it('ends where stages follow each other in a circle, or one that is not there', () => {
    expect(drawn(stage('a', 'b'), stage('b', 'a'), stage('c', 'gone'))).toMatchObject({ c: '0.0' });
  });

  it('is as large as its columns and rows, and its lines lead from side to side', () => {
    const layout = layOut([stage('dev'), stage('staging', 'dev'), stage('canary', 'dev')]);
    const [dev, staging, canary] = ['dev', 'staging', 'canary'].map((name) => layout.places.get(name)!);
    expect([sizeOf(layout), edgePath(dev!, staging!), edgePath(dev!, canary!)]).toEqual([
      { width: 524, height: 196 },
      'M236 44H288',
      'M236 44H236C262 44 262 152 288 152',
    ]);
  });
});
