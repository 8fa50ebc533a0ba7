import type { Cluster } from '../cluster.ts';
import { negotiateForm } from '../negotiate.ts';
import { readObject } from '../read-object.ts';
import { readWriteOptions } from '../read-options.ts';
import { represent } from '../represent.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';
import { createObject } from '../write/create-object.ts';
import { writeContext } from '../write/write-context.ts';

export function create(cluster: Cluster, request: ResourceRequest): Answer {
  const form = negotiateForm(request.headers['accept'], 'single');
  const options = readWriteOptions('CreateOptions', request.query);
  const draft = readObject(request, options);
  const object = createObject(writeContext(cluster, request, options), draft);
  return { status: 201, body: represent(object, form, request.resource) };
}
