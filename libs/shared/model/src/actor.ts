/** Who did something: a person or machine with a token, a policy, or Flotilla itself. */
export interface Actor {
  readonly kind: 'user' | 'policy' | 'system';
  readonly name: string;
}

export const systemActor = (name: string): Actor => ({ kind: 'system', name });

export function actorText(actor: Actor): string {
  return `${actor.kind}:${actor.name}`;
}
