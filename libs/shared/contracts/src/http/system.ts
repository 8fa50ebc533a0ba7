import { z } from 'zod';
import { uidSchema } from '@flotilla/model';
import { operation } from './operation.ts';

export const systemOperations = {
  version: operation({
    method: 'GET',
    path: '/api/v1/version',
    summary: 'The version of the control plane',
    permission: 'public',
    response: z.object({ version: z.string(), protocol: z.object({ oldest: z.int(), newest: z.int() }) }),
  }),
  live: operation({
    method: 'GET',
    path: '/livez',
    summary: 'The process runs',
    permission: 'public',
    response: z.string(),
    text: true,
  }),
  ready: operation({
    method: 'GET',
    path: '/readyz',
    summary: 'Requests can be served; `?verbose` lists what was looked at',
    permission: 'public',
    query: z.object({ verbose: z.string().optional() }),
    response: z.string(),
    text: true,
  }),
  metrics: operation({
    method: 'GET',
    path: '/metrics',
    summary: "Everything that is measured, in Prometheus' text format",
    permission: 'read',
    response: z.string(),
    text: true,
  }),
  openApi: operation({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This API as an OpenAPI document',
    permission: 'public',
    response: z.record(z.string(), z.unknown()),
  }),
  hook: operation({
    method: 'POST',
    path: '/hooks/{uid}',
    summary: 'A Git host says: look at this repository',
    permission: 'public',
    params: z.object({ uid: uidSchema }),
    response: z.object({ repository: z.string() }),
    status: 202,
  }),
} as const;
