import type { Bus } from '@flotilla/platform-bus';

/** The door at which agents are heard. What is said here is heard as if the agent had said it once more. */
export class AgentsDoor {
  readonly #bus: Pick<Bus, 'publish'>;

  constructor(bus: Pick<Bus, 'publish'>) {
    this.#bus = bus;
  }

  say(subject: string, data: Uint8Array): void {
    this.#bus.publish(subject, data);
  }
}
