# Ctrl-C in the middle: the status says so, nothing is left behind, and the next build goes on from there.

$ uk init hello --template minimal && cd hello
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ mkdir home && cp -r "$UK_HOME/sources" home && export UK_HOME=$PWD/home
$ timeout --preserve-status -s INT 2 uk build --target hosted >/dev/null 2>error; echo "status $?"
status 130
$ grep '^error' error
error: interrupted
$ ls home/tmp | wc -l; ls -d dist
0
ls: cannot access 'dist': No such file or directory
[2]
$ pgrep -f "$PWD" | wc -l
0
$ uk build --target hosted --jobs 2 2>/dev/null | sed 's/  .*//'
dist/hosted/hello
# What takes long, fourteen pigeons for thirteen holes ten thousand times, ends at once.
$ { for h in $(seq 13); do for p in $(seq 14); do echo "component hole$h $p.0.0"; done; done; echo 'target t'; } > pigeons
$ { echo 'request t'; for p in $(seq 14); do echo "  requires hole1 =$p$(for h in $(seq 2 13); do echo -n " | hole$h =$p"; done)"; done; } > request
$ for i in $(seq 10000); do cat request; done >> pigeons
$ timeout --preserve-status -s TERM 2 uk solve pigeons > /dev/null; echo "status $?"
status 130
# So does the same as recipes.
$ uk init holes --template minimal >/dev/null && cd holes
> for p in $(seq 14); do
>   for h in $(seq 13); do
>     mkdir -p recipes/p$p/$h.0.0/include
>     { printf 'name: p%s\nversion: %s.0.0\nkind: component\ncategory: library\nsummary: A pigeon\nlicense: Apache-2.0\nheaders: [include]\nconflicts:\n' $p $h
>       for other in $(seq 14); do [ $other = $p ] || echo "  - p$other: =$h.0.0"; done; } > recipes/p$p/$h.0.0/recipe.yaml
>   done
> done
> { echo 'requires:'; for p in $(seq 14); do echo "  - p$p"; done; } >> uk.yaml
next: cd holes && uk build && uk run
$ timeout --preserve-status -s INT 2 uk lock >/dev/null; echo "status $?"
status 130
