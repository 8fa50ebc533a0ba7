/** One case of a peer's own test suite: what goes in, and what that peer says comes out. */
export interface PeerCase {
  readonly id: string;
  readonly mode?: string;
  readonly expected?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What the peer says and what we say, in one shape, so that equal means agreed. */
export interface Comparison {
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Drives our own functions with the cases of one file; `undefined` for a case that we do not offer. */
export type Adapter = (peerCase: PeerCase) => Compared | Promise<Compared>;

/** A case that is not offered comes without an answer. */
export type Compared = Comparison | undefined;
