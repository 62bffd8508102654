# uk cache: what the store holds. tests/cache has what it removes and repairs.
#: SIZE = [0-9.]+ ([KMG]i)?B

$ export UK_HOME=$PWD/home
$ uk cache | tr -s " "
<here>/home
 cas <SIZE> 0 files
 sources <SIZE> 0 files
 git <SIZE> 0 files
 registries <SIZE> 0 files
 editors <SIZE> 0 files
 quarantine <SIZE> 0 files
 tmp <SIZE> 0 files
 index.sqlite <SIZE> 1 files
 all <SIZE>
$ uk cache verify
0 files (<SIZE>) were read, 0 of the store's were wrong
$ printf abc > c && install -D -m 444 c home/cas/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad && install -D c home/cas/ab/abcd
$ uk cache verify
wrong: cas/ab/abcd
2 files (<SIZE>) were read, 1 of the store's were wrong: they are in quarantine/ now, and made anew when they are needed
[1]
$ uk cache verify
1 files (<SIZE>) were read, 0 of the store's were wrong
$ uk cache gc
removed 1 files (<SIZE>), <SIZE> are left
$ uk cache gc --size 0
removed 1 files (<SIZE>), <SIZE> are left
$ find home/cas home/quarantine -type f
$ uk cache gc --size much
error: `much` is no size

hint: like `512MiB` or `4GiB`
[2]
$ uk cache info --size 1MiB
error: `--size` belongs to `uk cache gc`
[2]
$ UK_CACHE_SIZE=10MiB uk cache | tail -1 | tr -s " "
 all <SIZE> of <SIZE> (UK_CACHE_SIZE)
$ UK_CACHE_SIZE=big uk cache gc
error: UK_CACHE_SIZE is `big`, which is no size

hint: like `4GiB`
[3]
$ uk cache clear 2>&1 | head -1
error: what: clear not in {info,verify,gc}
$ uk --json cache | python3 -c 'import json, sys; said = json.load(sys.stdin); print(sorted(said), [sorted(part) for part in said["parts"]][0], said["bytes"] == sum(part["bytes"] for part in said["parts"]))'
['bytes', 'folder', 'limit', 'parts'] ['bytes', 'files', 'name'] True
