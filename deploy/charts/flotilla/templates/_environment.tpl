{{/* What each service is told. `npm run check` holds the names against the settings that the code reads. */}}
{{- define "flotilla.environment.shared" -}}
- { name: DATABASE_URL_FILE, value: /run/secrets/flotilla/database-url }
- { name: DATABASE_POOL_MAX, value: {{ .root.Values.database.poolMax | quote }} }
- { name: NATS_URL, value: {{ .root.Values.nats.url | quote }} }
- { name: NATS_CREDENTIALS_FILE, value: /run/secrets/flotilla/nats-{{ .component }} }
{{- if .root.Values.nats.caSecret }}
- { name: NATS_CA_FILE, value: /run/secrets/flotilla/nats-ca }
{{- end }}
- { name: HEALTH_HOST, value: 0.0.0.0 }
- { name: HEALTH_PORT, value: '9090' }
- { name: LOG_LEVEL, value: {{ .root.Values.log.level | quote }} }
{{- with .root.Values.telemetry.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- end }}

{{- define "flotilla.environment.sources" -}}
- { name: SEAL_KEY_FILE, value: /run/secrets/flotilla/seal-key }
- { name: CACHE_DIRECTORY, value: /cache }
{{- with .root.Values.sources.notifyNetworks }}
- { name: NOTIFY_NETWORKS, value: {{ join "," . | quote }} }
{{- end }}
{{- with .root.Values.sources.publicUrl }}
- { name: PUBLIC_URL, value: {{ . | quote }} }
{{- end }}
{{- end }}

{{- define "flotilla.environment.delivery" -}}
- { name: ORDER_KEY_FILE, value: /run/secrets/flotilla/order-key }
{{- if .root.Values.delivery.orderKeyLists }}
- { name: ORDER_KEY_LISTS_FILE, value: /run/secrets/flotilla/order-key-lists }
- { name: ORDER_RECOVERY_KEY_FILE, value: /run/secrets/flotilla/order-recovery-key }
{{- end }}
{{- end }}

{{- define "flotilla.environment.status" -}}
- { name: AGENT_SIGNING_KEY_FILE, value: /run/secrets/flotilla/agent-signing-key }
- { name: AGENTS_ACCOUNT_FILE, value: /run/secrets/flotilla/agents-account }
{{- if .root.Values.status.keysBefore }}
- { name: AGENT_SIGNING_KEYS_RETIRED_FILE, value: /run/secrets/flotilla/agent-signing-keys-retired }
- { name: AGENTS_ACCOUNTS_BEFORE_FILE, value: /run/secrets/flotilla/agents-accounts-before }
{{- end }}
- { name: DEPLOYMENT_RETENTION, value: {{ .root.Values.status.deploymentRetention | quote }} }
{{- if .root.Values.status.revokeAtBroker }}
- { name: OPERATOR_SIGNING_KEY_FILE, value: /run/secrets/flotilla/operator-signing-key }
- { name: NATS_SYSTEM_CREDENTIALS_FILE, value: /run/secrets/flotilla/nats-system }
{{- end }}
- { name: AGENT_NATS_URL, value: {{ required "agents.natsUrl: where do agents dial the broker?" .root.Values.agents.natsUrl | quote }} }
{{- if .root.Values.agents.natsCaSecret }}
- { name: AGENT_NATS_CA_FILE, value: /run/secrets/flotilla/agent-nats-ca }
{{- end }}
{{- end }}

{{- define "flotilla.environment.gateway" -}}
- { name: HTTP_HOST, value: 0.0.0.0 }
- { name: HTTP_PORT, value: '8080' }
- { name: WEB_DIRECTORY, value: /flotilla/apps/web/dist }
- { name: LEDGER_RETENTION, value: {{ .root.Values.gateway.ledgerRetention | quote }} }
{{- with .root.Values.gateway.trustedProxies }}
- { name: TRUSTED_PROXIES, value: {{ join "," . | quote }} }
{{- end }}
{{- if .root.Values.gateway.bootstrapToken }}
- { name: BOOTSTRAP_TOKEN_FILE, value: /run/secrets/flotilla/bootstrap-token }
{{- end }}
{{- end }}
