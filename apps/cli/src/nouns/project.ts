import { operations, type DocumentView } from '@flotilla/contracts';
import { ageColumn, nameColumn } from './cells.ts';
import { defineNoun } from './noun.ts';

/** Owns everything else. */
export const project = defineNoun<DocumentView>({
  singular: 'project',
  plural: 'projects',
  short: ['proj'],
  outsideProjects: true,
  columns: [nameColumn, ageColumn],
  filters: {},
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client }) => client.list(operations.listProjects, {}),
});
