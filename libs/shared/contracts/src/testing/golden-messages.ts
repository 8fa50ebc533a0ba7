const digest = 'd'.repeat(64);
const commit = 'a'.repeat(40);
const head = '"v":1,"at":"2026-01-01T00:00:00.000Z"';
const speaker = '"instance":"instance-1","leaseTransitions":3';
const fence = '"fence":{"epoch":1,"generation":2}';
const entry = `{"target":"t1","project":"shop","application":"checkout","environment":"dev","generation":2,"intent":"run","release":"r1","sourceDigest":"${digest}","namespace":"checkout","source":{"url":"https://git.example.org/shop.git","revision":"${commit}","path":"services/checkout","also":[]},"sync":{"prune":true,"drift":"correct","adopt":false,"createNamespace":true}}`;
const renderedEntry = `${entry.replace('"run"', '"run-if-understood","needs":["render"]').slice(0, -1)},"render":{"with":"helm","helm":{"releaseName":"shop","valuesFiles":["services/checkout/values.yaml"],"values":{"replicas":2},"skipCrds":true},"substitute":{"team":"shop"}},"clusterLabels":{"region":"eu"}}`;
/** The same entry under two freezes, which a person broke the glass for. */
const frozenEntry = `${entry.replace('"run"', '"run-if-understood","needs":["freeze"]').slice(0, -1)},"frozen":[{"name":"incident","scope":"all","by":"user:ann","reason":"incident 42","since":"2026-01-01T00:00:00.000Z","expires":"2026-01-01T04:00:00.000Z"},{"name":"year-end","scope":"deploys","by":"user:ben","reason":"holidays","since":"2026-01-01T00:00:00.000Z"}],"breakGlass":{"by":"user:cat","reason":"hotfix","since":"2026-01-01T00:00:00.000Z","expires":"2026-01-01T01:00:00.000Z","sourceDigest":"${digest}"}}`;
/** The same entry with everything that version 0.2 lets one say. */
const bounded = entry
  .replace(
    '"sync":',
    '"serviceAccount":"deployer","allow":{"namespaces":["checkout"],"kinds":[{"group":"apps","kind":"*"}],"clusterKinds":[{"group":"","kind":"Namespace","name":"checkout"}],"podSecurity":false},"windows":[{"kind":"deny","schedule":"0 17 * * 5","duration":"63h","timeZone":"Europe/Berlin","manualSync":true,"syncOverrun":true}],"health":[{"apiVersion":"example.org/v1","kind":"Thing","current":"status.ready","failed":"status.failed"}],"sync":',
  )
  .replace('"run"', '"run-if-understood","needs":["service-account","allow","windows"]');
const status = `{"target":"t1","generation":2,"revision":"${commit}","release":"r1","sourceDigest":"${digest}","renderDigest":"${digest}","sync":"Synced","health":"Degraded","reason":{"code":"CrashLoopBackOff","message":"it ends again and again"},"since":"2026-01-01T00:00:00.000Z","appliedAt":"2026-01-01T00:00:00.000Z","resources":[{"group":"apps","kind":"Deployment","namespace":"checkout","name":"web","sync":"Synced","health":"Degraded"}],"drift":[{"object":"apps/Deployment web","field":".spec.replicas","manager":"kubectl","corrected":true}]}`;

/**
 * One of each message of protocol 1, byte for byte as its first version wrote it. These never change: whatever becomes of
 * the shapes, agents out there say this and have to be understood. What comes later is added below, with its version.
 */
export const goldenMessages = {
  hello: `{${head},${speaker},"protocol":{"oldest":1,"newest":1},${fence},"setDigest":"${digest}","statusDigest":"${digest}","facts":{"kubernetesVersion":"v1.34.4","agentVersion":"0.1.0"}}`,
  'hello in an upgrade': `{${head},${speaker},"protocol":{"oldest":1,"newest":1},${fence},"setDigest":"","statusDigest":"","facts":{"kubernetesVersion":"v1.34.4","agentVersion":"0.2.0","agentFeatures":["agent-upgrade"],"provider":"kind","nodes":3},"upgrade":{"upgrade":"u1","state":"Failed","reason":{"code":"AgentUpgradeFailed","message":"put back"}}}`,
  report: `{${head},${speaker},"number":7,${fence},"items":[${status}],"statusDigest":"${digest}"}`,
  'answer with warnings': `{${head},"id":"q1","diff":[],"warnings":[{"code":"NotHeld","message":"it has to be fetched"}]}`,
  answer: `{${head},"id":"q1","diff":[{"object":"v1/ConfigMap a","change":"update","fields":[{"path":".data.a","live":"1","desired":"2","manager":"kubectl"}]}]}`,
  set: `{${head},"cluster":"c1","epoch":1,"generation":2,"previous":0,"entries":[${entry}],"gone":["t2"],"setDigest":"${digest}"}`,
  'set with settings of rendering': `{${head},"cluster":"c1","epoch":1,"generation":3,"previous":2,"entries":[${renderedEntry}],"gone":[],"setDigest":"${digest}"}`,
  'set that wishes for an agent': `{${head},"cluster":"c1","epoch":1,"generation":3,"previous":2,"entries":[],"gone":[],"setDigest":"${digest}","agent":{"upgrade":"u1","image":"registry.example.org/flotilla@sha256:${digest}","version":"0.2.0","deadlineSeconds":600}}`,
  'set with drift rules': `{${head},"cluster":"c1","epoch":1,"generation":2,"previous":0,"entries":[${entry.replace('"drift":"correct"', '"drift":"correct","driftRules":[{"kind":"Secret","jsonPointers":["/data/a"],"mode":"report"}]')}],"gone":[],"setDigest":"${digest}"}`,
  'set with an order in time': `{${head},"cluster":"c1","epoch":1,"generation":2,"previous":0,"entries":[${entry.replace('"intent":"run"', '"intent":"run-if-understood","needs":["depends-on"]').replace('"createNamespace":true}', '"createNamespace":true,"deadline":"30m","retry":{"limit":5,"backoff":{"duration":"5s","factor":2,"maxDuration":"3m"}}},"dependsOn":["accounts"]')}],"gone":[],"setDigest":"${digest}"}`,
  'set with an entry that may go back by itself': `{${head},"cluster":"c1","epoch":1,"generation":2,"previous":0,"entries":[${entry.slice(0, -1)},"retreat":{"after":"10m","within":"30m"}}],"gone":[],"setDigest":"${digest}"}`,
  'set with a frozen entry': `{${head},"cluster":"c1","epoch":1,"generation":5,"previous":4,"entries":[${frozenEntry}],"gone":[],"setDigest":"${digest}"}`,
  'report of who and when': `{${head},${speaker},"number":8,${fence},"items":[${status.replace('"manager":"kubectl"', '"manager":"kubectl","operation":"Update","at":"2026-01-01T00:00:00Z","removed":true')}],"statusDigest":"${digest}"}`,
  'set with an entry that is kept inside bounds': `{${head},"cluster":"c1","epoch":1,"generation":4,"previous":3,"entries":[${bounded}],"gone":[],"setDigest":"${digest}"}`,
  'set with what stands on a namespace': `{${head},"cluster":"c1","epoch":1,"generation":2,"previous":0,"entries":[${entry.replace('"intent":"run"', '"intent":"run-if-understood","needs":["namespace-metadata"]').replace('"createNamespace":true}', '"createNamespace":true,"namespace":{"labels":{"team":"shop"},"annotations":{"example.org/owner":"Ada"}}}')}],"gone":[],"setDigest":"${digest}"}`,
  'set that holds what a rollback went back to': `{${head},"cluster":"c1","epoch":1,"generation":5,"previous":4,"entries":[${entry.replace('"intent":"run"', '"intent":"run-if-understood","needs":["pin"]').replace('"prune":true', '"prune":false').slice(0, -1)},"pin":{"by":"user:ann","reason":"incident 42","since":"2026-01-01T00:00:00.000Z","runHooks":true}}],"gone":[],"setDigest":"${digest}"}`,
  receipt: `{${head},"number":7}`,
  'receipt that asks for all': `{${head},"number":0,"sendAll":true,"slowDownMs":1000}`,
  'ask for a preview': `{${head},"id":"q1","cluster":"c1","expiresAt":"2026-01-01T00:00:08.000Z","question":{"kind":"preview","entry":${entry}}}`,
  ask: `{${head},"id":"q1","cluster":"c1","expiresAt":"2026-01-01T00:00:08.000Z","question":{"kind":"diff","target":"t1"}}`,
} as const;

/** Its name begins with the kind of message. */
export type GoldenName = keyof typeof goldenMessages;
