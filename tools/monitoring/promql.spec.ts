import { describe, expect, it } from 'vitest';
import { problemsOf } from './known-metrics.ts';
import { readExpression } from './promql.ts';

describe('an expression of Prometheus', () => {
  it('is read for what it asks and by what it groups', () => {
    const text =
      'sum by (kind, reason) (rate(a_total{kind="x", status=~"5xx|none"}[5m])) > 0.5 * max(b offset 1h) and on (instance) c > 11e6';
    expect(readExpression(text)).toEqual({
      grouping: ['kind', 'reason', 'instance'],
      selectors: [
        {
          name: 'a_total',
          labels: [
            { label: 'kind', words: ['x'] },
            { label: 'status', words: ['5xx', 'none'] },
          ],
        },
        { name: 'b', labels: [] },
        { name: 'c', labels: [] },
      ],
    });
  });

  it.each([
    ['max(flotilla_clusters{connection="Lost"})', []],
    ['histogram_quantile(0.9, sum by (le, kind) (rate(flotilla_work_look_seconds_bucket[5m])))', []],
    ['flotilla_broker_connected * on (instance) group_left (service) flotilla_build_info', []],
    ['max(flotilla_cluster{connection="Lost"})', ['there is no metric flotilla_cluster']],
    ['max(flotilla_clusters{connection="Gone"})', ['connection of flotilla_clusters is never Gone']],
    ['max(flotilla_clusters{state="Lost"})', ['flotilla_clusters has no label state']],
    ['sum by (kin) (flotilla_work_due)', ['groups by kin, which no metric here has']],
    ['rate(flotilla_work_look_seconds[5m])', ['there is no metric flotilla_work_look_seconds']],
    ['vector(1)', ['vector(1): asks for nothing']],
  ])('%s -> %j', (expression, problems) => {
    expect(problemsOf(expression)).toEqual(problems);
  });
});
