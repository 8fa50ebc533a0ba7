import { goldenMessages } from '@flotilla/contracts/testing';

const { entries } = JSON.parse(goldenMessages.set) as { entries: readonly object[] };
const digest = 'd'.repeat(64);
const source = `{"url":"https://git.example.org/shop.git","revision":"${'a'.repeat(40)}","path":"services/checkout","also":[]}`;
const bundle = `{"sourceDigest":"${digest}","source":${source},"files":[{"path":"services/checkout/a.yaml","content":"YTogMQ=="}],"release":"r1","renderDigest":"${digest}","good":true}`;

/**
 * One of each record that an agent keeps in its cluster, as its first version wrote it, before it is packed. These never
 * change: an agent of another version, newer or older, has to go on from them.
 */
export const goldenRecords = {
  target: `{"version":1,"target":"t1","title":"shop/checkout in dev","inventory":[{"key":{"group":"apps","kind":"Deployment","namespace":"checkout","name":"web"},"apiVersion":"apps/v1","uid":"uid-1","manifest":"${digest}","fields":{"f:spec":{"f:replicas":{}}},"owned":"${digest}","adopted":false}],"running":{"sourceDigest":"${digest}","release":"r1","revision":"${'a'.repeat(40)}","renderDigest":"${digest}","appliedAt":"2026-01-01T00:00:00.000Z"},"bundles":[${bundle}]}`,
  set: `{"fence":{"epoch":1,"generation":2},"entries":${JSON.stringify(entries)}}`,
  identity: `{"cluster":"c1","name":"eu-1","project":"default","userJwt":"jwt","userSeed":"SU","servers":["nats://broker:4222"],"orderKeys":[{"id":"k1","publicKey":"key"}],"expiresAt":"2026-04-01T00:00:00.000Z","renderKey":"${Buffer.alloc(32, 7).toString('base64')}"}`,
  upgrade: `{"version":1,"upgrade":"u1","phase":"Watched","from":"flotilla@sha256:${'a'.repeat(64)}","to":"flotilla@sha256:${'b'.repeat(64)}","plannedAt":"2026-01-01T00:00:00.000Z","deadlineSeconds":600,"deadlineAt":"2026-01-01T00:10:00.000Z"}`,
} as const;
