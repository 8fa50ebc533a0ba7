/** One step of a path into JSON. Each takes a list of values and gives a list of values. */
export type Step =
  | { readonly kind: 'field'; readonly names: readonly string[] }
  | { readonly kind: 'every' }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly by: number }
  | { readonly kind: 'filter'; readonly test: Test }
  | { readonly kind: 'everything-below' };

export interface Path {
  /** `$` is the whole value, `@` or nothing the value at hand. */
  readonly from: 'root' | 'here';
  readonly steps: readonly Step[];
}

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** `@.a`, which asks whether there is one, or a comparison. */
export interface Test {
  readonly left: Operand;
  readonly compare?: { readonly operator: Operator; readonly right: Operand };
}

export type Operand = Path | { readonly value: string | number | boolean | null };
