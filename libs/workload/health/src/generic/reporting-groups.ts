/**
 * API groups whose controllers write a status to every object they look after. An object of theirs without one has not
 * been looked at yet. For all other groups no status says nothing: many kinds never get one.
 */
const groups: readonly RegExp[] = [
  /(^|\.)crossplane\.io$/,
  /(^|\.)upbound\.io$/,
  /\.toolkit\.fluxcd\.io$/,
  /(^|\.)cluster\.x-k8s\.io$/,
  /(^|\.)cert-?manager\.(io|k8s\.io)$/,
  /\.strimzi\.io$/,
  /(^|\.)argoproj\.io$/,
  /\.knative\.dev$/,
  /^tekton\.dev$/,
  /^keda\.sh$/,
  /^external-secrets\.io$/,
  /\.k8s\.elastic\.co$/,
  /^gateway\.networking\.k8s\.io$/,
  /^postgresql\.cnpg\.io$/,
  /^acid\.zalan\.do$/,
  /^k8s\.mariadb\.com$/,
  /^k8s\.keycloak\.org$/,
  /^rabbitmq\.com$/,
  /^operators\.coreos\.com$/,
  /^velero\.io$/,
  /^longhorn\.io$/,
  /^karpenter\.(sh|k8s\.aws)$/,
  /^(cdi\.)?kubevirt\.io$/,
  /^(apps|game|rollouts)\.kruise\.io$/,
  /\.services\.k8s\.aws$/,
  /\.cnrm\.cloud\.google\.com$/,
  /\.azure\.com$/,
  /^(ray|kubeflow|mysql\.oracle|minio\.min|jaegertracing|kiali)\.(io|org|com)$/,
  /\.open-cluster-management\.io$/,
  /\.karmada\.io$/,
  /\.gardener\.cloud$/,
  /\.numaproj\.io$/,
  /^grafana\.integreatly\.org$/,
  /^clickhouse\.altinity\.com$/,
  /^core\.(humio\.com|spinkube\.dev)$/,
  /^services\.cloud\.sap\.com$/,
  /(^|\.)solo\.io$/,
  /^coralogix\.com$/,
];

export function alwaysReports(group: string): boolean {
  return groups.some((pattern) => pattern.test(group));
}
