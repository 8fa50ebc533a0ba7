import type { StreamEvent } from '@flotilla/contracts';
import type { LiveKind } from '../live/live-state.ts';
import type { MockFleet } from './mock-fleet.ts';

/** The lines between the page and a mock fleet: they can be cut, and the control plane can be away. */
export class MockLines {
  readonly #open = new Set<AbortController>();
  /** While it is true nothing answers. */
  down = false;

  opened(line: AbortController): void {
    this.#open.add(line);
    line.signal.addEventListener('abort', () => this.#open.delete(line));
  }

  cut(): void {
    for (const line of this.#open) line.abort();
  }
}

interface MockStreamOptions {
  readonly fleet: MockFleet;
  readonly lines: MockLines;
  readonly kinds: readonly LiveKind[];
  readonly signal: AbortSignal;
}

/** Server-sent events as the gateway writes them: everything of each kind, its bookmark, then each change. */
export function mockStream({ fleet, lines, kinds, signal }: MockStreamOptions): ReadableStream<Uint8Array> {
  const line = new AbortController();
  lines.opened(line);
  signal.addEventListener('abort', () => line.abort());
  return new ReadableStream({
    start: (controller) => {
      const tell = (events: readonly StreamEvent[]) => controller.enqueue(wireText(events));
      for (const kind of kinds) {
        const items = [...fleet.kept[kind].values()];
        tell([...items.map((object) => ({ type: 'ADDED' as const, kind, object })), { type: 'BOOKMARK', kind }]);
      }
      const stop = fleet.watch(tell);
      line.signal.addEventListener('abort', () => {
        stop();
        controller.error(new TypeError('the line was cut'));
      });
    },
    cancel: () => line.abort(),
  });
}

const encoder = new TextEncoder();

function wireText(events: readonly StreamEvent[]): Uint8Array {
  return encoder.encode(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}
