# uk tree: components below what asks for them, and above what they ask for.
#: VERSION = \b[0-9]+\.[0-9]+\.[0-9]+(-r[0-9]+)?\b

$ cat > uk.yaml <<'END'
> name: many
> version: 0.1.0
> sources: [main.cpp]
> requires: [print: ^0.1]
> needs:
>   random: entropy ^0.1
>   net: net.stack ^0.1
>   store: {signature: store.kv ^0.1, optional: true}
> targets:
>   kvm:
>   hosted:
> END
$ uk tree -t kvm
wrote uk.lock
many <VERSION> for kvm (kvm <VERSION>)
├─ print <VERSION> (^0.1)
│  └─ core <VERSION> (^0.1)
├─ random: csprng <VERSION> (entropy ^0.1)
│  ├─ core <VERSION> (^0.1)
│  └─ platform-kvm <VERSION> (platform ^0.1)
│     └─ core <VERSION> (^0.1)
├─ net: inet <VERSION> (net.stack ^0.1)
│  ├─ core <VERSION> (^0.1)
│  ├─ net <VERSION> (^0.1)
│  │  └─ core <VERSION> (^0.1)
│  ├─ platform-kvm <VERSION> (platform ^0.1), as above
│  ├─ heap <VERSION> (allocator ^0.1)
│  │  ├─ core <VERSION> (^0.1)
│  │  ├─ platform-kvm <VERSION> (platform ^0.1), as above
│  │  └─ musl <VERSION> (libc ^1)
│  │     └─ heap <VERSION> (allocator ^0.1), as above
│  ├─ musl <VERSION> (libc ^1), as above
│  ├─ device: virtio-net <VERSION> (net.device ^0.1)
│  │  ├─ core <VERSION> (^0.1)
│  │  ├─ net <VERSION> (^0.1), as above
│  │  ├─ platform-kvm <VERSION> (platform ^0.1), as above
│  │  ├─ heap <VERSION> (allocator ^0.1), as above
│  │  ├─ musl <VERSION> (libc ^1), as above
│  │  └─ bus: virtio-bus <VERSION> (virtio.transport ^0.1)
│  │     ├─ core <VERSION> (^0.1)
│  │     └─ platform-kvm <VERSION> (^0.1), as above
│  └─ random: csprng <VERSION> (entropy ^0.1), as above
└─ target: kvm <VERSION>
   ├─ platform-kvm <VERSION> (^0.1), as above
   └─ libstdcxx <VERSION> (^12)
      ├─ core <VERSION> (^0.1)
      ├─ musl <VERSION> (libc ^1), as above
      ├─ platform-kvm <VERSION> (platform ^0.1), as above
      └─ heap <VERSION> (allocator ^0.1), as above
$ uk tree --invert csprng
csprng <VERSION> for kvm (kvm <VERSION>)
├─ random: many <VERSION> (entropy ^0.1)
└─ random: inet <VERSION> (entropy ^0.1)
   └─ net: many <VERSION> (net.stack ^0.1)

csprng <VERSION> for hosted (hosted <VERSION>)
└─ random: many <VERSION> (entropy ^0.1)
$ uk tree -i csprong
error: `csprong` isn't in the image; did you mean `csprng`?
[3]
$ uk --json tree -t hosted | python3 -c 'import json, sys; one, = json.load(sys.stdin); print(one["application"]["name"], one["variant"], len(one["components"])); print(next(e for e in one["edges"] if e["label"] == "net"))'
many hosted 10
{'from': None, 'label': 'net', 'to': 'host-sockets', 'wants': 'net.stack ^0.1'}
# Each component is there, and nothing else.
$ uk --json tree -t kvm | python3 -c 'import json, sys; one, = json.load(sys.stdin); print({c["name"] for c in one["components"]} == {e["to"] for e in one["edges"]})'
True
# What is asked for under a condition that doesn't hold isn't there.
$ mkdir -p recipes/a/1.0.0 recipes/b/1.0.0
$ printf 'name: b\nversion: 1.0.0\nkind: component\n' > recipes/b/1.0.0/recipe.yaml
$ printf 'name: a\nversion: 1.0.0\nkind: component\noptions: {b: {type: bool, default: false}}\nrequires: [{b: ^1, when: option.b == true}]\n' > recipes/a/1.0.0/recipe.yaml
$ sed -i 's/print: ^0.1/a: ^1, b: "*"/' uk.yaml; uk tree --invert b -t kvm; sed -i 's/^needs/set: {a.b: true}\nneeds/' uk.yaml; uk tree --invert b -t kvm
wrote uk.lock
b <VERSION> for kvm (kvm <VERSION>)
└─ many <VERSION> (*)
wrote uk.lock
b <VERSION> for kvm (kvm <VERSION>)
├─ many <VERSION> (*)
└─ a <VERSION> (^1)
   └─ many <VERSION> (^1)
