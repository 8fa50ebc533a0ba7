import { z } from 'zod';
import { createNkey } from './nkey.ts';

/**
 * Every secret key of a Flotilla broker, as seeds. The operator and account keys stay with whoever runs the broker;
 * `status` gets the scoped signing key, with which it can make agents and nothing else, and the operator's signing key,
 * with which it revokes them.
 */
export const brokerKeysSchema = z.object({
  operator: z.string(),
  /** Signs accounts in the operator's place, so that the operator's own key can be locked away. */
  operatorSigning: z.string(),
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
    operatorSigning: createNkey('operator').seed,
    systemAccount: createNkey('account').seed,
    controlAccount: createNkey('account').seed,
    agentsAccount: createNkey('account').seed,
    agentSigning: createNkey('account').seed,
  };
}
