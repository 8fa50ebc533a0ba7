//go:build tools

// Package envtest pins the versions of the two programs that the integration tests build.
package envtest

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
)
