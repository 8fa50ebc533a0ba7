/** No listener within ten seconds: we are deaf, and say so instead of calling clusters lost. */
const heard = `EXISTS (SELECT FROM listener WHERE at > now() - interval '10 seconds')`;

/**
 * Asked for one cluster at a time: of an `EXISTS` PostgreSQL makes a table of all clusters that are ahead, which for a
 * page of twenty took a third of a second where there are ten thousand.
 */
const ahead = `coalesce((SELECT true FROM ahead_cluster WHERE ahead_cluster.cluster = liveness.cluster), false)`;

/** SQL for whether a cluster is heard, where its `liveness` is joined. */
export const connection = `CASE WHEN cluster.revoked_at IS NOT NULL THEN 'Revoked' WHEN liveness.cluster IS NULL THEN 'Pending' WHEN NOT ${heard} THEN 'Deaf'
  WHEN liveness.connection = 'Connected' AND ${ahead} THEN 'Ahead'
  ELSE liveness.connection END`;
