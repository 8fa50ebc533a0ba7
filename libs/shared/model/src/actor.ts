/** Who did something: a person or machine with a token, a policy, or Flotilla itself. */
export interface Actor {
  readonly kind: 'user' | 'policy' | 'system';
  readonly name: string;
}

/** Flotilla itself, by the part of it that acts. */
export const systemActor = (name: string): Actor => ({ kind: 'system', name });

/** So long an actor may be where an agent is told of one; a longer one would spoil the whole set that names it. */
export const actorTextMax = 200;

/** An actor in one word, as ledger and logs write it: `user:bootstrap`. */
export function actorText(actor: Actor): string {
  return `${actor.kind}:${actor.name}`;
}
