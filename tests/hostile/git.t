# Repositories that no git would make: nothing of them is taken, and nothing is written anywhere.
$ export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
$ git init -q -b main evil
$ entry() { printf "$1 $2\0"; git -C evil rev-parse "$3" | xxd -r -p; }  # MODE NAME OBJECT
$ tree() { git -C evil hash-object -t tree -w --literally --stdin; }
$ commit() { git -C evil update-ref refs/heads/main $(git -C evil commit-tree -m x $1); }
$ blob=$(printf 'x\n' | git -C evil hash-object -w --stdin)
$ cat > uk.yaml <<'END'
> name: app
> overrides: {greeting: {git: ./evil}}
> targets: {hosted: }
> END

$ commit $(entry 100644 ../escaped $blob | tree) && uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds a name that can't be a file's
[5]
$ commit $(entry 100644 .. $blob | tree) && uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds a name that can't be a file's
[5]
$ commit $(entry 40000 .GIT $(entry 100644 config $blob | tree) | tree) && uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds a name that can't be a file's
[5]
$ commit $(printf '100644 a\tb\0' | cat - <(git -C evil rev-parse $blob | xxd -r -p) | tree) && uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds a name that can't be a file's
[5]
$ commit $( (entry 100644 twice $blob; entry 100644 twice $blob) | tree) && uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds `twice` twice
[5]
$ commit $(entry 120000 link $blob | tree) && uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds a link, `link`; only regular files are taken
[5]
$ commit $(entry 160000 module 1111111111111111111111111111111111111111 | tree) && uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds a submodule, `module`; only regular files are taken
[5]
$ deep=$(entry 100644 file $blob | tree); for i in $(seq 40); do deep=$(entry 40000 d $deep | tree); done; commit $deep; uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: its folders are more than 32 deep
[5]
$ commit $(entry 100644 recipe.yaml 1111111111111111111111111111111111111111 | tree) && uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: object not found - cannot read header for (1111111111111111111111111111111111111111)
[5]
$ big=$(head -c 600M /dev/zero | git -C evil hash-object -w --stdin); commit $(entry 100644 big $big | tree); uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds more than 512 MiB
[5]

# A bomb: many times the same tree of a file of 1 MiB is more than 512 MiB.
$ one=$(head -c 1M /dev/zero | git -C evil hash-object -w --stdin)
$ many=$(for i in $(seq 1000 1030); do entry 100644 $i $one; done | tree); commit $(for i in $(seq 1000 1030); do entry 40000 $i $many; done | tree); uk lock
fetching ./evil
error: uk.yaml:2:23: `./evil` can't be had: it holds more than 512 MiB
[5]

# No such repository, an empty one, a clone that was damaged since.
$ mv evil away; uk lock; mv away evil
error: uk.yaml:2:23: `./evil` can't be had: there is no such folder
$ git init -q -b main ../empty && sed -i 's|./evil|../empty|' uk.yaml && uk lock
fetching ../empty
error: uk.yaml:2:23: `../empty` can't be had: it has no branch that its HEAD names
[5]

# A server that says nothing
#: PORT = (?<=127\.0\.0\.1:)[0-9]+
$ $TOP/tests/registry/git-server . port & until [ -s port ]; do sleep 0.1; done
$ sed -i "s|../empty|\"http://127.0.0.1:$(cat port)/silent\"|" uk.yaml && uk lock
fetching http://127.0.0.1:<PORT>/silent
error: uk.yaml:2:23: `http://127.0.0.1:<PORT>/silent` can't be had: no answer for 30 seconds
[5]
$ ls; ls ..
evil
port
uk.yaml
empty
home
script
work
