import type { Renderer, RenderFailure, RenderOrder } from '@flotilla/agent';
import { InMemoryRenderer } from '@flotilla/agent/testing';
import { refused, type Outcome, type Random } from '@flotilla/foundation';
import type { Rendered } from '@flotilla/workload-render';
import type { Troubles, Weather } from './troubles.ts';

export interface WeatheredRendererOptions {
  readonly troubles: Troubles;
  /** Its own: what it decides leaves all that other parts decide as it was. */
  readonly random: Random;
  readonly weather: () => Weather;
}

const failing = 0.1;
const stuck = 0.05;

/** Programs that render: in bad weather they fail, or never end, whatever the files say. */
export class WeatheredRenderer implements Renderer {
  readonly #inner = new InMemoryRenderer();
  readonly #options: WeatheredRendererOptions;

  constructor(options: WeatheredRendererOptions) {
    this.#options = options;
  }

  choose(order: RenderOrder) {
    return this.#inner.choose(order);
  }

  async render(order: RenderOrder): Promise<Outcome<Rendered, RenderFailure>> {
    const { troubles, random, weather } = this.#options;
    const luck = random.next();
    if (weather() === 'fair' || order.settings === undefined || luck >= failing + stuck)
      return this.#inner.render(order);
    if (luck < failing) {
      troubles.happened('programFailed');
      return refused({ kind: 'Failed', messages: ['the program says no'] });
    }
    troubles.happened('programStuck');
    return new Promise(() => undefined);
  }
}
