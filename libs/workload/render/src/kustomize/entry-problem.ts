import { posix } from 'node:path';

/** The files that a render may read. */
export interface DeclaredFiles {
  readonly isFile: (path: string) => boolean;
  readonly isFolder: (path: string) => boolean;
}

/** Where a name in a folder leads: to a path in the repository, or nowhere, for the reason given. */
export type Resolved = { readonly path: string } | { readonly problem: string };

/** Finds what a kustomization names, or says why it may not be read and what to do about it. */
export function resolveEntry(text: string, folder: string, declared: DeclaredFiles): Resolved {
  const path = posix.join(folder, text).replace(/(?<=.)\/$/, '');
  if (!text.startsWith('/') && declared.isFile(path)) return { path };
  if (isRemote(text)) return { problem: remoteMessage };
  if (text.startsWith('/')) return { problem: 'is a path of the machine; name it from the folder of this file' };
  if (path === '..' || path.startsWith('../'))
    return { problem: 'leaves the repository; commit what it needs, and name it by its path' };
  return declared.isFolder(path) ? { path } : { problem: `is not to be had: ${path} ${undeclaredMessage}` };
}

const remoteMessage = 'is fetched from elsewhere, and a render has no network; commit it, and name it by its path';
const undeclaredMessage = 'does not exist at this commit, or is not among the inputs of the application (source.also)';

/**
 * What kustomize may take for an address: a URL, `git::…`, `host:path`, `user@host…`, GitHub without a scheme, or
 * anything with the query that only addresses have. Rather too much than too little: a file of that name is a file.
 */
export function isRemote(text: string): boolean {
  return addresses.some((address) => address.test(text));
}

const addresses = [
  /^[a-z][a-z0-9+.-]*:\/\//i,
  /^git::/i,
  /^gh:/i,
  /^(www\.)?github\.com[/:]/i,
  /^[^/\s]+@[^/\s]+[/:]/,
  /^[\w.-]+:[^\s]/,
  /[?&](ref|version|timeout|submodules)=/,
];
