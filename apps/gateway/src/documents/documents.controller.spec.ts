import { afterEach, describe, expect, it } from 'vitest';
import type { SourcesReader } from '@flotilla/control-sources';
import { documentApiVersion, type DocumentChange, type FreezeDocument } from '@flotilla/model';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

const blast = { targets: 300, applications: 2, environments: 1, clusters: 150 };
const freeze: FreezeDocument = {
  apiVersion: documentApiVersion,
  kind: 'Freeze',
  metadata: { name: 'year-end', project: 'default' },
  spec: { environments: ['production'], scope: 'deploys', reason: 'holidays', until: 'lifted' },
};
const key = { project: 'default', kind: 'Freeze', name: 'year-end' } as const;

/** What is answered to somebody who sets the freeze, where that did this and can be counted, or not. */
async function setting(action: DocumentChange['action'], freezeBlast: SourcesReader['freezeBlast']) {
  const changes = [{ action, key, document: freeze }];
  const nothing = async () => undefined;
  const sources = { freezeBlast, projects: async () => ['default'], document: nothing } as unknown as SourcesReader;
  const documents = { all: async () => [], change: async () => ({ changes, problems: [] }) };
  gateway = await openGateway({ parts: { documents, sources } });
  const files = [{ file: 'freeze', text: JSON.stringify(freeze) }];
  const answer = await gateway.send('/api/v1/projects/default/apply', {
    as: 'writer',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files }),
  });
  const told = (await answer.json()) as { changes: { blast?: object }[] };
  return [answer.status, told.changes.map((change) => change.blast)];
}

describe('whoever sets a freeze', () => {
  it('is told how much it is about', async () => {
    expect(await setting('create', async () => blast)).toEqual([200, [blast]]);
  });

  it('is told that it stands also where that cannot be counted', async () => {
    const away = () => Promise.reject(new Error('the database is slow'));
    expect(await setting('create', away)).toEqual([200, [undefined]]);
  });

  it('has nothing counted where nothing changes', async () => {
    expect(await setting('unchanged', async () => blast)).toEqual([200, [undefined]]);
  });
});
