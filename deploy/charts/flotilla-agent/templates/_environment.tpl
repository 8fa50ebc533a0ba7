{{/* What the agent is told. `npm run check` holds the names against the settings that the code reads. */}}
{{- define "agent.environment" -}}
- { name: FLOTILLA_URL, value: {{ required "controlPlane.url: where is the front door of the control plane?" .Values.controlPlane.url | quote }} }
- name: JOIN_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ .Values.join.secret }}, key: {{ .Values.join.key }}, optional: true }
- name: AGENT_NAMESPACE
  valueFrom:
    fieldRef: { fieldPath: metadata.namespace }
- { name: AGENT_DEPLOYMENT, value: {{ .Release.Name }} }
- { name: AGENT_CONTAINER, value: agent }
- name: POD_NAME
  valueFrom:
    fieldRef: { fieldPath: metadata.name }
{{- if .Values.cacheSize }}
- { name: CACHE_DIRECTORY, value: /cache }
{{- end }}
- { name: HEALTH_HOST, value: 0.0.0.0 }
- { name: HEALTH_PORT, value: '9090' }
- { name: LOG_LEVEL, value: {{ .Values.log.level | quote }} }
{{- with .Values.telemetry.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- end }}

{{/* What the first sync needed goes back to the node once it is free; the demo and the tests start agents like this. */}}
{{- define "agent.frugal" -}}
- { name: MALLOC_ARENA_MAX, value: '2' }
- { name: MALLOC_TRIM_THRESHOLD_, value: '131072' }
- { name: MALLOC_MMAP_THRESHOLD_, value: '65536' }
{{- end }}
