import { z } from 'zod';
import {
  clusterFactsSchema,
  connectionSchema,
  fenceSchema,
  labelsSchema,
  nameSchema,
  whySchema,
} from '@flotilla/model';
import { enrolAnswerSchema, enrolRequestSchema } from '../messages/enrol.ts';
import { renewAnswerSchema, renewRequestSchema } from '../messages/renew.ts';
import { inProject, namedParams, nounView, pageOf, pageQuery, projectParams } from './common.ts';
import { countsView } from './documents.ts';
import { operation } from './operation.ts';

/** Who else speaks under a cluster's identity, since when, and what to do about it. */
const clusterAlarmView = z.object({
  code: z.string(),
  message: z.string(),
  since: z.string(),
  lastSeenAt: z.string(),
  instance: z.string(),
});

/** A cluster: the labels it is chosen by, whether it is heard, and what runs on it in numbers. */
export const clusterView = nounView(
  'Cluster',
  z.object({ labels: z.record(z.string(), z.string()) }),
  z.object({
    connection: connectionSchema,
    lastSeenAt: z.string().optional(),
    facts: clusterFactsSchema.optional(),
    /** What the cluster shall run, and what its agent says it holds. */
    fence: fenceSchema,
    agentFence: fenceSchema.optional(),
    /** When its identities were revoked; it may come back with a new join token only. */
    revokedAt: z.string().optional(),
    /** Somebody else speaks under this cluster's identity, and is not believed. */
    alarm: clusterAlarmView.optional(),
    counts: countsView,
  }),
);

export type ClusterView = z.infer<typeof clusterView>;

export const clusterOperations = {
  listClusters: operation({
    method: 'GET',
    path: `${inProject}/clusters`,
    summary: 'List clusters',
    permission: 'read',
    params: projectParams,
    query: pageQuery.extend({ labelSelector: z.string().max(2_000).optional() }),
    response: pageOf(clusterView),
  }),
  getCluster: operation({
    method: 'GET',
    path: `${inProject}/clusters/{name}`,
    summary: 'Show one cluster',
    permission: 'read',
    params: namedParams,
    response: clusterView,
  }),
  joinCluster: operation({
    method: 'POST',
    path: `${inProject}/clusters`,
    summary: 'Record a cluster and make a join token for its agent',
    permission: 'admin',
    params: projectParams,
    /** Without labels, a cluster that was there before keeps its own. */
    body: z.object({ name: nameSchema, labels: labelsSchema.optional() }),
    response: z.object({ cluster: clusterView, token: z.string(), expiresAt: z.string() }),
    status: 201,
  }),
  labelCluster: operation({
    method: 'PATCH',
    path: `${inProject}/clusters/{name}`,
    summary: 'Replace the labels of a cluster; environments choose clusters by them',
    permission: 'write',
    params: namedParams,
    body: z.object({ labels: labelsSchema }),
    response: clusterView,
  }),
  forgetCluster: operation({
    method: 'DELETE',
    path: `${inProject}/clusters/{name}`,
    summary: 'Take a cluster off the record; what runs there stays as it is, and its agent is told nothing any more',
    permission: 'admin',
    params: namedParams,
    query: z.object({ evenConnected: z.stringbool().default(false) }),
    response: z.object({ cluster: z.string() }),
  }),
  revokeCluster: operation({
    method: 'POST',
    path: `${inProject}/clusters/{name}/revoke`,
    summary: 'Shut out whoever holds an identity of this cluster; a new join token lets it in again',
    permission: 'admin',
    params: namedParams,
    body: z.object({ reason: whySchema.max(500) }),
    response: clusterView,
  }),
  enrol: operation({
    method: 'POST',
    path: '/api/v1/enrol',
    summary: 'Exchange a join token and a public key for an identity',
    permission: 'public',
    body: enrolRequestSchema,
    response: enrolAnswerSchema,
  }),
  /** Open to nothing but this: the key that signs is the proof, and a cluster that was away for long has no other. */
  renew: operation({
    method: 'POST',
    path: '/api/v1/renew',
    summary: 'Exchange a key on record for another one of the same cluster',
    permission: 'public',
    body: renewRequestSchema,
    response: renewAnswerSchema,
  }),
} as const;
