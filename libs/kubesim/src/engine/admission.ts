import { StatusFault } from '../problems/status-fault.ts';
import type { JsonObject } from '../schema/schema-type.ts';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE';

/** Says why an object may not be written; nothing lets it pass. */
export type AdmissionHook = (operation: AdmissionOperation, object: JsonObject) => string | undefined;

/** The tests' own admission webhooks: each may refuse a write, in the words of a real one. */
export class Admission {
  readonly #hooks = new Set<AdmissionHook>();

  add(hook: AdmissionHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  check(operation: AdmissionOperation, object: JsonObject): void {
    for (const hook of this.#hooks) {
      const why = hook(operation, object);
      if (why === undefined) continue;
      const message = `admission webhook "kubesim.flotilla.dev" denied the request: ${why}`;
      throw new StatusFault({ code: 403, reason: 'Forbidden', message });
    }
  }
}
