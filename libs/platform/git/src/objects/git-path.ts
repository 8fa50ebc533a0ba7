import { gitFault } from '../git-faults.ts';

/** The names that a path is made of; `''`, `.` and `/` mean the root. A path never leads upwards. */
export function pathSegments(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (!segments.includes('..')) return segments;
  throw gitFault('GitPathInvalid', { message: 'a path in a repository cannot contain ".."', subject: path });
}
