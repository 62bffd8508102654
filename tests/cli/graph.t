# uk graph: a tree, a graph for Graphviz, a picture.
#: VERSION = \b[0-9]+\.[0-9]+\.[0-9]+(-r[0-9]+)?\b

$ cat > uk.yaml <<'END'
> name: many
> version: 0.1.0
> sources: [main.cpp]
> needs:
>   random: entropy ^0.1
>   net: net.stack ^0.1
>   names: net.resolver ^0.1
>   store: {signature: store.kv ^0.1, optional: true}
> targets:
>   kvm:
>   second: {target: kvm}
> END
$ uk graph -t kvm
wrote uk.lock
many for kvm (kvm <VERSION>)
├─ random: csprng <VERSION>
├─ net: inet <VERSION>
│  ├─ device: nic0 (virtio-net <VERSION>)
│  │  └─ bus: virtio-bus <VERSION>
│  └─ random: csprng <VERSION>
├─ names: dns-client <VERSION>
│  ├─ net: inet <VERSION>, as above
│  └─ random: csprng <VERSION>
└─ store: nothing
allocator: heap <VERSION>
libc: musl <VERSION>
platform: platform-kvm <VERSION>
$ uk graph -t kvm -o many.svg && uk graph -t kvm --format svg | cmp - many.svg && rsvg-convert many.svg -o many.png && head -c 4 many.png | tail -c 3; echo
PNG
$ grep -c '<rect x' many.svg
6
$ grep -c 'marker-end' many.svg
8
# Graphviz reads it, and finds what the picture has, boxes and lines, twice for two variants.
$ uk graph -t kvm --format dot | dot -Tplain | cut -d' ' -f1 | sort | uniq -c
      8 edge
      1 graph
      6 node
      1 stop
$ uk graph -o many.dot && dot -Tplain many.dot | cut -d' ' -f1 | sort | uniq -c
     16 edge
      1 graph
     12 node
      1 stop
$ uk graph -t kvm --json | python3 -c 'import json, sys; one, = json.load(sys.stdin); print(one["needs"], [i["needs"] for i in one["instances"] if i["component"] == "inet"])'
{'names': 'dns-client', 'net': 'inet', 'random': 'csprng', 'store': None} [{'device': 'nic0', 'random': 'csprng'}]
$ uk graph -t kwm
error: uk.yaml has no variant `kwm`; did you mean `kvm`?

hint: there are kvm, second
[2]
$ uk graph --format png
error: --format: png not in {text,dot,svg}

hint: `uk graph --help` shows how it is used
[2]
