/** SQL for the newest fence that a cluster said it holds, in a hello or in a report. */
export function lastSaidFence(cluster: string): string {
  return `SELECT epoch, generation FROM liveness WHERE liveness.cluster = ${cluster}
    UNION ALL SELECT epoch, generation FROM last_report WHERE last_report.cluster = ${cluster}
    ORDER BY epoch DESC, generation DESC LIMIT 1`;
}
