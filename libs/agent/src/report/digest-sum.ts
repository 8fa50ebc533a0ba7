import { hash } from 'node:crypto';

/**
 * Digests by name, and one digest of them all that costs what changed: each pair is hashed, and the hashes are added
 * without carry, in whatever order they come. It tells two honest copies apart; it is no defence against a forger.
 */
export class DigestSum {
  readonly #digests = new Map<string, string>();
  #sum: Uint8Array = new Uint8Array(32);

  get(name: string): string | undefined {
    return this.#digests.get(name);
  }

  set(name: string, digest: string): void {
    this.#sum = this.#changed(this.#sum, name, digest);
    this.#digests.set(name, digest);
  }

  delete(name: string): void {
    this.#sum = this.#changed(this.#sum, name, undefined);
    this.#digests.delete(name);
  }

  clear(): void {
    this.#digests.clear();
    this.#sum = new Uint8Array(32);
  }

  /** The digest of all, once these are set as well; empty for nothing. */
  digestWith(entries: readonly (readonly [string, string])[]): string {
    if (this.#digests.size + entries.length === 0) return '';
    const sum = entries.reduce((before, [name, digest]) => this.#changed(before, name, digest), this.#sum);
    return Buffer.from(sum).toString('hex');
  }

  #changed(sum: Uint8Array, name: string, digest: string | undefined): Uint8Array {
    const before = this.#digests.get(name);
    if (before === digest) return sum;
    const without = before === undefined ? sum : added(sum, hashOf(name, before));
    return digest === undefined ? without : added(without, hashOf(name, digest));
  }
}

function hashOf(name: string, digest: string): Uint8Array {
  return hash('sha256', `${name}\n${digest}`, 'buffer');
}

/** Adding twice takes away again. */
function added(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => byte ^ right[index]!);
}
