// Command shapes prints how the Go types of the API write themselves as JSON: which fields are pointers and which are
// left out when they are empty. The OpenAPI documents of the server do not tell, and what a client reads depends on it.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/kubernetes/scheme"
)

// field is one JSON field: its Go type, and the options of its tag.
type field struct {
	Type    string   `json:"type"`
	Options []string `json:"options,omitempty"`
}

var shapes = map[string]map[string]field{}

func main() {
	if err := apiextensions.AddToScheme(scheme.Scheme); err != nil {
		panic(err)
	}
	for _, goType := range scheme.Scheme.AllKnownTypes() {
		visit(goType)
	}
	if err := json.NewEncoder(os.Stdout).Encode(shapes); err != nil {
		panic(err)
	}
}

func visit(goType reflect.Type) {
	switch goType.Kind() {
	case reflect.Ptr, reflect.Slice, reflect.Map:
		visit(goType.Elem())
	case reflect.Struct:
		name := modelName(goType)
		if _, seen := shapes[name]; seen || writesItself(goType) {
			return
		}
		shapes[name] = map[string]field{}
		collect(goType, shapes[name])
	}
}

func collect(goType reflect.Type, fields map[string]field) {
	for i := 0; i < goType.NumField(); i++ {
		member := goType.Field(i)
		tag := strings.Split(member.Tag.Get("json"), ",")
		if tag[0] == "-" || !member.IsExported() {
			continue
		}
		if tag[0] == "" && member.Anonymous && member.Type.Kind() == reflect.Struct {
			collect(member.Type, fields)
			continue
		}
		fields[tag[0]] = field{Type: member.Type.String(), Options: tag[1:]}
		visit(member.Type)
	}
}

// writesItself is true for the types whose JSON is not made of their fields, such as times and quantities.
func writesItself(goType reflect.Type) bool {
	marshaler := reflect.TypeFor[json.Marshaler]()
	return goType.Implements(marshaler) || reflect.PointerTo(goType).Implements(marshaler)
}

// modelName is the name of a type in the server's OpenAPI documents.
func modelName(goType reflect.Type) string {
	path := strings.ReplaceAll(strings.TrimPrefix(goType.PkgPath(), "k8s.io/"), "/", ".")
	return "io.k8s." + path + "." + goType.Name()
}
