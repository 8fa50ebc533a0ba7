import type { ObjectDiff } from '../messages/ask.ts';

/** One of everything that a diff may show. */
export const sampleDiff: readonly ObjectDiff[] = [
  {
    object: 'Deployment shop/web',
    change: 'update',
    fields: [
      { path: '.spec.replicas', live: '9', desired: '3', manager: 'kubectl', at: '2026-01-01T00:00:00Z' },
      {
        path: '.spec.template.spec.containers[name="app"].env[name="MODE"]',
        desired: 'name: MODE\nvalue: "true"',
      },
      {
        path: '.spec.template.spec.containers[name="proxy"]',
        live: 'name: proxy\nimage: proxy:1',
        manager: 'injector',
      },
    ],
  },
  {
    object: 'ConfigMap shop/settings',
    change: 'update',
    fields: [
      {
        path: '.data.app.yaml',
        lines: ['@@ line 12 @@', ' level: info', '-debug: true', '+debug: false', ' port: 80', '… and 9 more lines'],
      },
    ],
    more: 2,
  },
  { object: 'Secret shop/key', change: 'update', fields: [{ path: '.data.password', live: '••1', desired: '••2' }] },
  {
    object: 'Service shop/web',
    change: 'create',
    fields: [],
    content: 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop',
  },
  { object: 'ConfigMap shop/old', change: 'delete', fields: [] },
];

/** What people read of it, in the terminal and on the screen alike. */
export const sampleDiffText = `=== Deployment shop/web: 3 fields differ
@@ .spec.replicas (changed by kubectl at 2026-01-01T00:00:00Z)
-9
+3
@@ .spec.template.spec.containers[name="app"].env[name="MODE"]
+name: MODE
+value: "true"
@@ .spec.template.spec.containers[name="proxy"] (changed by injector)
-name: proxy
-image: proxy:1
=== ConfigMap shop/settings: 3 fields differ
@@ .data.app.yaml
@@ line 12 @@
 level: info
-debug: true
+debug: false
 port: 80
… and 9 more lines
… and 2 more fields
=== Secret shop/key: 1 field differs
@@ .data.password
-••1
+••2
=== Service shop/web: is only in Git
+apiVersion: v1
+kind: Service
+metadata:
+  name: web
+  namespace: shop
=== ConfigMap shop/old: is only in the cluster
`;
