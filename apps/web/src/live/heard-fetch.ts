/** A `fetch` that says so whenever something of an answer arrives: a line without a sound may be dead without an end. */
export function heardFetch(fetch: typeof globalThis.fetch, onHeard: () => void): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    onHeard();
    if (!response.body) return response;
    const { status, statusText, headers } = response;
    const listening = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        onHeard();
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(listening), { status, statusText, headers });
  };
}
