{{- define "agent.selector" -}}
app.kubernetes.io/name: flotilla-agent
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "agent.labels" -}}
{{ include "agent.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "agent.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{/* Roles of the whole cluster carry the namespace: two agents may try each other out side by side. */}}
{{- define "agent.clusterName" -}}
{{ printf "%s-%s" .Release.Namespace .Release.Name }}
{{- end }}

{{/* The programs that render make namespaces, which the usual profile forbids to everybody. */}}
{{- define "agent.seccomp" -}}
{{- if not .Values.rendering.programs -}}
type: RuntimeDefault
{{- else if .Values.rendering.seccompProfile -}}
type: Localhost
localhostProfile: {{ .Values.rendering.seccompProfile | quote }}
{{- else -}}
type: Unconfined
{{- end }}
{{- end }}
