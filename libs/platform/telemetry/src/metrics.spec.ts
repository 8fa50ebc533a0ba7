import { expect, it } from 'vitest';
import { counter, gauge, timer } from './metrics.ts';
import { startTelemetry } from './sdk/start-telemetry.ts';

it('what is measured is told in the text format of Prometheus, also by instruments that were made before telemetry', async () => {
  const stored = counter('flotilla_reports_stored', 'Reports that are committed');
  const took = timer('flotilla_plan_duration', 'How long planning takes');
  const telemetry = startTelemetry({ service: 'status', version: '1.2.3' });
  gauge('flotilla_clusters', 'Clusters that are enrolled', () => 7);
  stored({ kind: 'report' });
  stored({ kind: 'report' }, 2);
  took(30);
  const text = await telemetry.metricsText();
  await telemetry.stop();
  const lines = text.split('\n').filter((line) => line.startsWith('flotilla_') && !line.includes('_bucket'));
  const values = lines.map((line) => line.replace(/otel_scope_\w+="[^"]*",?/g, '').replace(',}', '}'));
  expect({ values: values.toSorted(), target: /target_info\{(.*?)\}/.exec(text)?.[1] }).toEqual({
    values: [
      'flotilla_clusters{} 7',
      'flotilla_plan_duration_count{} 1',
      'flotilla_plan_duration_sum{} 30',
      'flotilla_reports_stored_total{kind="report"} 3',
    ],
    target: 'service_name="status",service_version="1.2.3"',
  });
});
