import type { KubeRequest, KubeResponse, KubeTransport } from '@flotilla/platform-kube';
import { counter, metricList } from '@flotilla/platform-telemetry';

const requested = counter(metricList.kubeRequests);

/** Counts what the API server is asked, and how it answers. */
export function measuredTransport(transport: KubeTransport): KubeTransport {
  return {
    request: async (request): Promise<KubeResponse> => {
      const verb = verbOf(request);
      try {
        const response = await transport.request(request);
        requested({ verb, status: statusClass(response.status) });
        return response;
      } catch (error) {
        requested({ verb, status: 'none' });
        throw error;
      }
    },
  };
}

function verbOf({ method, endless, headers }: KubeRequest) {
  switch (method) {
    case 'GET':
      return endless ? 'watch' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'replace';
    case 'PATCH':
      return headers?.['content-type']?.includes('apply') ? 'apply' : 'patch';
    case 'DELETE':
      return 'delete';
  }
}

function statusClass(status: number) {
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}
