import type { KubeObject } from '@flotilla/model';

interface Rule {
  readonly ports: readonly { readonly port: number | string }[];
  readonly from?: readonly object[];
  readonly to?: readonly object[];
}

interface Policy {
  readonly podSelector: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** What a pod may do on the network: every port that it may dial or be dialled at; everything where nobody says anything. */
export function networkOf(objects: readonly KubeObject[], labels: Readonly<Record<string, string>>) {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Policy);
  const about = policies.filter(({ podSelector }) => selects(podSelector, labels));
  const ports = (direction: 'Ingress' | 'Egress') => {
    if (!about.some(({ policyTypes }) => policyTypes.includes(direction))) return 'everything';
    const rules = about.flatMap((policy) => (direction === 'Ingress' ? policy.ingress : policy.egress) ?? []);
    return [...new Set(rules.flatMap((rule) => rule.ports.map(({ port }) => port)))];
  };
  return { dials: ports('Egress'), isDialled: ports('Ingress') };
}

function selects({ matchLabels = {} }: Policy['podSelector'], labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(matchLabels).every(([label, value]) => labels[label] === value);
}
