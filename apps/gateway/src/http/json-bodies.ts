import { json, type NextFunction, type Request, type Response } from 'express';
import { Fault } from '@flotilla/foundation';
import { faultOf } from './fault-of.ts';

/** A whole `apply` of many files has to fit. */
const bodyBytesMax = 8 * 1024 * 1024;

/** No shape of the contract nests deeper than a handful; code that walks a body may rely on this. */
const depthMax = 64;

const parse = json({ limit: bodyBytesMax, verify: (_request, _response, bytes) => refuseDeep(bytes) });

/** Reads JSON bodies, within limits that hold before anything is parsed. */
export function jsonBodies(request: Request, response: Response, next: NextFunction): void {
  // Told as a fault at once, because Nest forgets what a parser was unhappy about.
  parse(request, response, (error?: unknown) => next(error && faultOf(error)));
}

function refuseDeep(bytes: Uint8Array): void {
  if (depthOf(bytes) <= depthMax) return;
  const message = `the body nests deeper than ${depthMax} levels`;
  throw new Fault({ code: 'invalid', reason: 'BodyTooDeep', message });
}

/** How deep brackets nest outside of strings, counted on the bytes: a parser would have walked them all already. */
function depthOf(bytes: Uint8Array): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let at = 0; at < bytes.length && deepest <= depthMax; at++) {
    const letter = String.fromCharCode(bytes[at]!);
    if (letter === '"') inString = !inString;
    else if (inString) at += letter === '\\' ? 1 : 0;
    else if (letter === '[' || letter === '{') deepest = Math.max(deepest, ++depth);
    else if (letter === ']' || letter === '}') depth--;
  }
  return deepest;
}
