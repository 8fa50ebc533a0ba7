{{- define "flotilla.name" -}}
{{ printf "%s-%s" .root.Release.Name .component | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "flotilla.selector" -}}
app.kubernetes.io/name: flotilla
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "flotilla.labels" -}}
{{ include "flotilla.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "flotilla.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{/* The files that a service is handed, each from the Secret that holds it, and none that it does not need. */}}
{{- define "flotilla.keyFiles" -}}
{{- $values := .root.Values -}}
{{- $own := dict
  "sources" (list "nats-sources" "seal-key")
  "delivery" (concat (list "nats-delivery" "order-key") (ternary (list "order-key-lists" "order-recovery-key") list $values.delivery.orderKeyLists))
  "status" (concat (list "nats-status" "agent-signing-key" "agents-account")
      (ternary (list "operator-signing-key" "nats-system") list $values.status.revokeAtBroker)
      (ternary (list "agent-signing-keys-retired" "agents-accounts-before") list $values.status.keysBefore))
  "gateway" (concat (list "nats-gateway") (ternary (list "bootstrap-token") list $values.gateway.bootstrapToken))
-}}
- secret:
    name: {{ $values.keys.secret }}
    items:
      {{- range get $own .component }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
- secret:
    name: {{ $values.database.secret | default $values.keys.secret }}
    items: [{ key: {{ $values.database.key }}, path: database-url }]
{{- with $values.nats.caSecret }}
- secret:
    name: {{ . }}
    items: [{ key: ca.crt, path: nats-ca }]
{{- end }}
{{- if and (eq .component "status") $values.agents.natsCaSecret }}
- secret:
    name: {{ $values.agents.natsCaSecret }}
    items: [{ key: ca.crt, path: agent-nats-ca }]
{{- end }}
{{- end }}
