import { expect, it } from 'vitest';
import { unionFields } from './union-fields.ts';

it.each([
  [{}, { 'f:a': {} }, { 'f:a': {} }],
  [{ 'f:a': {} }, { 'f:b': {} }, { 'f:a': {}, 'f:b': {} }],
  [{ 'f:a': { 'f:b': {} } }, { 'f:a': { 'f:c': {} } }, { 'f:a': { 'f:b': {}, 'f:c': {} } }],
  [{ 'f:a': {} }, { 'f:a': {} }, { 'f:a': {} }],
  [{ 'f:a': {} }, { 'f:a': { 'f:b': {} } }, { 'f:a': { '.': {}, 'f:b': {} } }],
  [{ 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': {} }, { 'f:a': { '.': {}, 'f:b': {} } }],
  [
    { 'f:l': { 'k:{"name":"a"}': { '.': {}, 'f:image': {} } } },
    { 'f:l': { 'k:{"name":"a"}': { 'f:args': {} }, 'k:{"name":"b"}': { '.': {} } } },
    { 'f:l': { 'k:{"name":"a"}': { '.': {}, 'f:image': {}, 'f:args': {} }, 'k:{"name":"b"}': { '.': {} } } },
  ],
])('%j and %j are %j, in either order', (left, right, both) => {
  expect([unionFields(left, right), unionFields(right, left)]).toEqual([both, both]);
});
