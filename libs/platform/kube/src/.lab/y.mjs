import { loadYaml } from '@kubernetes/client-node';
console.log(JSON.stringify(loadYaml(`apiVersion: v1
kind: Config
clusters: [{name: a, cluster: &c {server: "https://x", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {as: bob, as-groups: [x, y], tokenFile: ./t}}]
current-context: a
contexts: [{name: a, context: {cluster: a, user: u}}]
`)));
console.log(JSON.stringify(loadYaml(`clusters: [{name: a}]`)));
