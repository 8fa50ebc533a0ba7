import type { ValuePath } from '../yaml/source-problem.ts';
import { isMapping, notText, type Slip } from './slip.ts';

/** What is missing or wrong in the fields by which an object is known. */
export function identitySlips(value: Readonly<Record<string, unknown>>): Slip[] {
  const { apiVersion, kind, metadata } = value;
  const slips = [textSlip(['apiVersion'], apiVersion), textSlip(['kind'], kind)];
  if (!isMapping(metadata)) {
    slips.push({ path: ['metadata'], message: metadata === undefined ? 'is missing' : 'must be a mapping' });
  } else if (metadata['generateName'] !== undefined) {
    slips.push({ path: ['metadata', 'generateName'], message: generateNameMessage });
  } else {
    slips.push(textSlip(['metadata', 'name'], metadata['name']));
    if (metadata['namespace'] !== undefined) slips.push(textSlip(['metadata', 'namespace'], metadata['namespace']));
  }
  return slips.filter((slip) => slip !== undefined);
}

const generateNameMessage = 'would make another object at every sync; give the object a metadata.name';

function textSlip(path: ValuePath, value: unknown): Slip | undefined {
  if (value === undefined) return { path, message: 'is missing' };
  if (typeof value !== 'string') return { path, message: notText(value) };
  return value === '' ? { path, message: 'is empty' } : undefined;
}
