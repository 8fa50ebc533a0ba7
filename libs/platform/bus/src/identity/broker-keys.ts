import { z } from 'zod';
import { createNkey } from './nkey.ts';

/**
 * Every secret key of a Flotilla broker, as seeds. The operator and account keys stay with whoever runs the broker;
 * `status` gets the scoped signing key only, and with it can make agents and nothing else.
 */
export const brokerKeysSchema = z.object({
  operator: z.string(),
  systemAccount: z.string(),
  controlAccount: z.string(),
  agentsAccount: z.string(),
  /** Signs agent users; whatever it signs may speak for the cluster it names, and no more. */
  agentSigning: z.string(),
});

export type BrokerKeys = z.infer<typeof brokerKeysSchema>;

/** New keys for a new broker: whoever holds the old ones is a stranger to it. */
export function createBrokerKeys(): BrokerKeys {
  return {
    operator: createNkey('operator').seed,
    systemAccount: createNkey('account').seed,
    controlAccount: createNkey('account').seed,
    agentsAccount: createNkey('account').seed,
    agentSigning: createNkey('account').seed,
  };
}
