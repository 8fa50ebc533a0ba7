import { token } from '../nouns/token.ts';
import { readFilters } from '../nouns/filters.ts';
import { defineVerb } from '../program/verb.ts';
import { declareGet, getThings, type GetOptions } from './get.ts';

/** Who may do what, and since when nobody used it. The same as `get tokens`. */
export const tokenList = defineVerb<GetOptions>({
  examples: ['token list', 'token list -o wide', "token list -o jsonpath='{.items[*].metadata.name}'"],
  declare: declareGet,
  run: (session, _, options) =>
    getThings(session, { noun: token, names: [], filters: readFilters(token, options), options }),
});
