/** SQL for the newest fence that a cluster said it holds, in a hello with the set's digest or in a report without. */
export function lastSaidFence(cluster: string): string {
  return `SELECT epoch, generation, set_digest FROM liveness WHERE liveness.cluster = ${cluster}
    UNION ALL SELECT epoch, generation, '' FROM last_report WHERE last_report.cluster = ${cluster}
    ORDER BY epoch DESC, generation DESC, set_digest DESC LIMIT 1`;
}
