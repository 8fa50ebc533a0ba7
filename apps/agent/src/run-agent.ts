import { Agent, enrolAgent, IdentityKeeper, type ClusterApi, type Identity } from '@flotilla/agent';
import { every, Fault, systemClock, systemIds, systemRandom, toFault, type Running } from '@flotilla/foundation';
import { registry, serveHealth, type Logger } from '@flotilla/platform-telemetry';
import { agentTracer } from './agent-tracer.ts';
import { createNkey, nkeyFromSeed } from '@flotilla/platform-bus';
import { BusLine } from './bus-line.ts';
import { connectCluster } from './connect-cluster.ts';
import { requestEnrolment, requestRenewal } from './front-door.ts';
import { GitSources } from './git-sources.ts';
import { holdLease } from './hold-lease.ts';
import { homeOf } from './home-of.ts';
import { logEvent } from './log-event.ts';
import { measureAgent } from './measure-agent.ts';
import { openRenderer } from './open-renderer.ts';
import { prepareNamespace } from './prepare-namespace.ts';
import { readFacts } from './read-facts.ts';
import type { AgentSettings } from './settings.ts';
import { agentVersion } from './version.ts';

export interface RunAgentOptions {
  readonly settings: AgentSettings;
  readonly logger: Logger;
  readonly onLeaseLost: () => void;
}

const factsMs = 600_000;

/** Connects, waits for the Lease, enrols if it has to, and starts. Returns what runs, in the order of starting. */
export async function runAgent({ settings, logger, onLeaseLost }: RunAgentOptions): Promise<Running[]> {
  const { AGENT_NAMESPACE: namespace, CACHE_DIRECTORY: cacheDirectory } = settings;
  const connection = await connectCluster(settings, logger);
  const { cluster, kubernetesVersion } = connection;
  await prepareNamespace(cluster, namespace);
  const instance = systemIds.next();
  const lease = await holdLease({ cluster, namespace, instance, logger, onLost: onLeaseLost });
  const kubernetesUid = await uidOfCluster(cluster);
  const identity = withFrontDoor(await enrolled({ cluster, settings, logger, kubernetesUid }), settings);
  const sources = new GitSources({ cluster, namespace, cacheDirectory });
  let facts = await readFacts(cluster, { kubernetesVersion, agentVersion });
  const learning = every({
    clock: systemClock,
    intervalMs: factsMs,
    run: async () => void (facts = await readFacts(cluster, { kubernetesVersion, agentVersion })),
    onError: () => undefined,
  });
  const line = new BusLine(identity.cluster, (connected) => {
    logger.info({ connected }, connected ? 'the control plane can be reached' : 'the line is cut; going on without it');
    if (connected) agent.greet();
  });
  const agent = new Agent({
    identity,
    instance,
    namespace,
    cluster,
    sources,
    ...openRenderer(settings),
    line,
    lease,
    facts: () => facts,
    clock: systemClock,
    random: systemRandom,
    home: homeOf(settings),
    tracer: agentTracer,
    onEvent: (event) => logEvent(logger, event),
    kubernetesUid,
    renewal: {
      createKey: () => createNkey('user'),
      keyOf: (seed) => nkeyFromSeed(seed.reveal()),
      knock: requestRenewal,
      onRenewed: (renewed) => openLine(line, renewed, logger),
    },
  });
  await agent.start();
  openLine(line, identity, logger);
  const measuring = measureAgent({ agent, lease, line, credentialExpiresAt: () => identity.expiresAt });
  const health = await serveHealth({
    host: settings.HEALTH_HOST,
    port: settings.HEALTH_PORT,
    notReady: async () => {
      const aside = agent.standsAside;
      return [...(lease.isHeld ? [] : ['the Lease is not held']), ...(aside ? [aside] : [])];
    },
    metricsText: () => registry.text(),
  });
  logger.info({ instance, cluster: identity.cluster, name: identity.name, health: health.port }, 'agent is up');
  return [connection, lease, sources, line, agent, learning, measuring, health];
}

interface Enrolling {
  readonly cluster: ClusterApi;
  readonly settings: AgentSettings;
  readonly logger: Logger;
  readonly kubernetesUid: string;
}

/** Enrols as soon as the control plane can be reached; only a refusal ends it. */
async function enrolled({ cluster, settings, logger, kubernetesUid }: Enrolling): Promise<Identity> {
  const identities = new IdentityKeeper(cluster, settings.AGENT_NAMESPACE);
  const { FLOTILLA_URL: url, JOIN_TOKEN: joinToken } = settings;
  // One key for all attempts: when an answer was lost, the token is bound to the key that came with it.
  const key = createNkey('user');
  const createKey = () => key;
  for (;;) {
    try {
      return await enrolAgent({
        identities,
        joinToken,
        createKey,
        kubernetesUid,
        frontDoor: url,
        request: (request) => requestEnrolment(frontDoor(url), request),
      });
    } catch (error) {
      const fault = toFault(error);
      if (fault.code !== 'unavailable') throw fault;
      logger.warn({ error: fault.message }, 'cannot enrol yet; trying again');
      await systemClock.sleep(2_000);
    }
  }
}

/** The UID of kube-system stands for the cluster: it is as old, and nobody makes it twice. */
async function uidOfCluster(cluster: ClusterApi): Promise<string> {
  const namespace = await cluster.get({ group: '', kind: 'Namespace', name: 'kube-system' });
  return namespace?.metadata.uid ?? 'unknown';
}

/** The control plane may have moved since the agent enrolled: what it is told now counts. */
function withFrontDoor(identity: Identity, { FLOTILLA_URL }: AgentSettings): Identity {
  return FLOTILLA_URL ? { ...identity, frontDoor: FLOTILLA_URL } : identity;
}

function frontDoor(url: string | undefined): string {
  if (url) return url;
  const message = 'FLOTILLA_URL is not set: it is the address of the control plane, needed once, to enrol';
  throw new Fault({ code: 'invalid', reason: 'SettingsInvalid', message });
}

/** In the background: the agent does its work whether or not the line ever stands. */
function openLine(line: BusLine, identity: Identity, logger: Logger): void {
  const { servers, userJwt, userSeed, name, certificateAuthority } = identity;
  const onError = (error: unknown) => logger.warn({ error: toFault(error).message }, 'the broker refused something');
  line
    .open({
      servers,
      credentials: { jwt: userJwt, seed: userSeed.reveal() },
      name: `agent-${name}`,
      oneOfMany: systemRandom,
      ...(certificateAuthority && { certificateAuthority }),
      onError,
    })
    .catch((error: unknown) => logger.error({ error: toFault(error).message }, 'the broker cannot be dialled'));
}
