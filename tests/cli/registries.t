# Registries beside the built-in one, in a folder and in a git repository; overrides by path and git; uk.local.yaml.
#: HASH = \b[0-9a-f]{64}\b
#: COMMIT = \b[0-9a-f]{40}\b
#: PORT = (?<=127\.0\.0\.1:)[0-9]+
#: SIZE = (?<=app  )[0-9.]+ KiB

$ export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
$ library() {  # FOLDER NAME VERSION TEXT REQUIRED
>   mkdir -p $1/include/acme
>   printf '%s\n' "name: $2" "version: $3" "kind: component" "headers: [include]" "requires: [$5]" > $1/recipe.yaml
>   printf '#pragma once\ninline constexpr const char* %s = "%s\\n";\n' $2 "$4" > $1/include/acme/$2.hpp
> }
$ said() { uk build -t hosted "$@" > ../out 2> ../err; local s=$?; grep -v 'up to date' ../err; [ $s = 0 ] && dist/hosted/app || return $s; }
$ mkdir -p acme && printf 'format: 1\nname: acme\n' > acme/registry.yaml
$ library acme/recipes/greeting/1.0.0 greeting 1.0.0 "1.0.0 of a folder" core
$ uk init app --template minimal > said.txt && cd app
next: cd app && uk build && uk run
$ cat > main.cpp <<'END'
> #include <acme/greeting.hpp>
> #include <uk/needs.hpp>
> uk::result<void> run(needs::console& console) { return console.write(greeting); }
> END
$ cat > uk.yaml <<'END'
> name: app
> sources: [main.cpp]
> registries:
>   acme: {path: ../acme}
> requires: [greeting: ^1]
> needs:
>   console: console ^0.1
> targets:
>   hosted:
> END

# A folder
$ said
wrote uk.lock
1.0.0 of a folder
$ sed -n '/^registries/,/^$/p; /greeting/,/source/p' uk.lock
registries:
  acme: sha256:<HASH>
  builtin: sha256:<HASH>

  greeting 1.0.0:
    registry: acme
    recipe: sha256:<HASH>
    source: sha256:<HASH>
      greeting: 1.0.0
      heap: 0.1.0
      host-console: 0.1.0
      hosted: 0.1.0
      libstdcxx: 12.2.0
      musl: 1.2.3
      platform-hosted: 0.1.0
    signatures:
      allocator: 0.1.0
      console: 0.1.0
      libc: 1.0.0
      platform: 0.1.0
    wiring:
      allocator: heap
      console: host-console
      libc: musl
      platform: platform-hosted

# What was locked is kept in the store: a registry that has moved on, or is gone, stops nothing.
$ library ../acme/recipes/greeting/1.1.0 greeting 1.1.0 "1.1.0 of a folder" core
$ said --locked
warning: using the registry `acme` as uk.lock has it

hint: `uk lock` moves on to what is there now
1.0.0 of a folder
$ mv ../acme ../gone && said
warning: using the registry `acme` as uk.lock has it

hint: `uk lock` moves on to what is there now
1.0.0 of a folder
$ uk lock
error: ../acme: this folder is no registry: it has no registry.yaml
[3]
$ mv ../gone ../acme && uk update greeting && said
wrote uk.lock
hosted: `greeting` from 1.0.0 to 1.1.0
1.1.0 of a folder

# A registry that calls itself something else, and one that is none.
$ sed -i 's/  acme:/  acne:/' uk.yaml && uk lock
error: uk.yaml:4:9: the registry here is called `acme`, not `acne`

hint: its registry.yaml says so: write `acme: …`
[3]
$ sed -i 's/  acne:.*/  acme: {path: ..}/' uk.yaml && uk lock --json
{
  "errors": [
    {
      "file": "..",
      "message": "this folder is no registry: it has no registry.yaml"
    }
  ],
  "status": 3
}
error: ..: this folder is no registry: it has no registry.yaml
[3]
$ sed -i 's/  acme:.*/  builtin: {path: ..\/acme}/' uk.yaml && uk lock
error: uk.yaml:4:3: no registry of one's own can be called `builtin`
[3]
$ sed -i 's/  builtin:.*/  acme: {path: ..\/acme, branch: main}\n  more: {git: "ext::sh -c x"}\n  less: {}\n  user: {git: "https:\/\/me:secret@example.org\/x"}\n  some: {git: ..\/x.git, commit: 12ab}/' uk.yaml && uk lock
error: uk.yaml:4:25: `branch` goes with `git`, not with `path`
error: uk.yaml:5:15: `ext::sh -c x` is no repository: an https URL without a name, or a folder such as ../x.git
error: uk.yaml:6:9: expected one of `path` and `git`

hint: `{path: ../folder}`, or `{git: https://…, branch: main}`

error: uk.yaml:7:15: `https://me:secret@example.org/x` is no repository: an https URL without a name, or a folder such as ../x.git
error: uk.yaml:8:33: expected all 40 hexadecimal digits of a commit, not `12ab`
[3]
$ sed -i '/more:/d; /less:/d; /user:/d; /some:/d; s/, branch: main//' uk.yaml

# A name is in one registry.
$ mkdir -p ../other && printf 'format: 1\nname: other\n' > ../other/registry.yaml
$ library ../other/recipes/greeting/2.0.0 greeting 2.0.0 "of another" core
$ library ../other/recipes/secret/1.0.0 secret 1.0.0 "not for acme" core
$ sed -i 's/^registries:/registries:\n  other: {path: ..\/other}/' uk.yaml && uk lock
error: `greeting` is in two registries, `acme` and `other`

hint: `overrides: {greeting: …}` in uk.yaml says which one is meant
[3]
$ rm -r ../other/recipes/greeting

# A registry's components ask for what their own registry has, what is built in, and what registry.yaml declares.
$ library ../acme/recipes/greeting/1.2.0 greeting 1.2.0 "1.2.0 of a folder" "core, secret"
$ uk update
wrote uk.lock
nothing moves
$ uk why-not greeting@1.2.0
hosted: error: the command line: there is no `greeting =1.2.0`
  because     `app` requires `greeting =1.2.0`, and there are only 1.0.0 and 1.1.0       the command line
  not read    `greeting` of the registry `acme` asks for `secret`, which is of the registry `other`, and registry.yaml of `acme` doesn't declare that   ../acme/recipes/greeting/1.2.0/recipe.yaml:5:18
  looked in   registries `builtin`, `acme`, `other`
  while resolving the variant `hosted`

hint: let `greeting =1.2.0` at the command line accept 1.1.0
$ echo 'registries: [other]' >> ../acme/registry.yaml && uk update && said
wrote uk.lock
hosted: `greeting` from 1.1.0 to 1.2.0
hosted: `secret 1.0.0` comes in
1.2.0 of a folder
$ sed -i '/other:/d' uk.yaml; rm -r ../acme/recipes/greeting/1.2.0 && uk lock
wrote uk.lock
hosted: 8 components

# git: a repository in a folder, then the same over http.
$ cd ../acme && git init -q -b main . && git add . && git commit -qm 1 && git clone -q --bare . ../acme.git && cd ../app
$ sed -i 's/  acme:.*/  acme: {git: ..\/acme.git}/' uk.yaml && uk lock && said
fetching ../acme.git
wrote uk.lock
hosted: 8 components
1.1.0 of a folder
$ sed -n '/^registries/,/^$/p' uk.lock
registries:
  acme:
    git: ../acme.git
    commit: <COMMIT>
    tree: sha256:<HASH>
  builtin: sha256:<HASH>
$ $TOP/tests/registry/git-server .. ../port & until [ -s ../port ]; do sleep 0.1; done; port=$(cat ../port)
$ sed -i "s|  acme:.*|  acme: {git: \"http://127.0.0.1:$port/acme.git\"}|" uk.yaml && said
fetching http://127.0.0.1:<PORT>/acme.git
wrote uk.lock
1.1.0 of a folder

# A commit stays until somebody asks for more.
$ library ../acme/recipes/greeting/1.3.0 greeting 1.3.0 "1.3.0 of git" core
$ cd ../acme && git add . && git commit -qm 2 && git push -q ../acme.git main && cd ../app && said && uk outdated && uk outdated --offline
1.1.0 of a folder
fetching http://127.0.0.1:<PORT>/acme.git
hosted: `greeting 1.1.0`: `uk update greeting` brings 1.3.0
hosted: `greeting 1.1.0`: `uk update greeting` brings 1.3.0
$ uk update greeting && said
fetching http://127.0.0.1:<PORT>/acme.git
wrote uk.lock
hosted: `greeting` from 1.1.0 to 1.3.0
1.3.0 of git
$ uk lock --offline
hosted: 8 components
uk.lock says so already

# The repository is gone: what is locked is built.
$ mv ../acme.git ../away && said --locked && uk lock
1.3.0 of git
fetching http://127.0.0.1:<PORT>/acme.git
error: uk.yaml:4:9: `http://127.0.0.1:<PORT>/acme.git` can't be had: unexpected http status code: 404
[5]
$ mv ../away ../acme.git

# Branches and commits
$ cd ../acme && git checkout -qb next && library recipes/greeting/1.4.0 greeting 1.4.0 "1.4.0 of next" core
$ git add . && git commit -qm 3 && git push -q ../acme.git next && next=$(git rev-parse HEAD) && git checkout -q main && cd ../app
$ sed -i "s|\"}|\", branch: next}|" uk.yaml && uk update greeting && said
fetching http://127.0.0.1:<PORT>/acme.git
wrote uk.lock
hosted: `greeting` from 1.3.0 to 1.4.0
1.4.0 of next
$ sed -i "s|branch: next|branch: nothing|" uk.yaml && uk lock
fetching http://127.0.0.1:<PORT>/acme.git
error: uk.yaml:4:9: `http://127.0.0.1:<PORT>/acme.git` can't be had: it has no branch `nothing`
[5]
$ sed -i "s|branch: nothing|commit: $next|" uk.yaml && said
wrote uk.lock
1.4.0 of next
$ sed -i "s|$next|1111111111111111111111111111111111111111|" uk.yaml && uk lock
fetching http://127.0.0.1:<PORT>/acme.git
error: uk.yaml:4:9: `http://127.0.0.1:<PORT>/acme.git` can't be had: none of its branches has the commit <COMMIT>
[5]
$ sed -i "s|/acme.git\"|/private.git\"|" uk.yaml && uk lock
fetching http://127.0.0.1:<PORT>/private.git
error: uk.yaml:4:9: `http://127.0.0.1:<PORT>/private.git` can't be had: it asks for a name and a password, which this version of uk doesn't give
[5]

# What can't be in a registry: links, names that lie elsewhere.
$ cd ../acme && ln -s /etc/passwd recipes/greeting/1.0.0/link && git add . && git commit -qm 4 && git push -q ../acme.git main && cd ../app
$ sed -i "s|  acme:.*|  acme: {git: ../acme.git}|" uk.yaml && uk lock
fetching ../acme.git
error: uk.yaml:4:9: `../acme.git` can't be had: it holds a link, `recipes/greeting/1.0.0/link`; only regular files are taken
[5]
$ cd ../acme && git reset -q --hard HEAD~1 && git push -qf ../acme.git main && cd ../app

# Overrides: a folder takes the place of all versions; uk.lock has no hash of it.
$ library ../mine greeting 1.9.0 "of my folder" core && library ../wrong other 1.0.0 "" core
$ echo 'overrides: {greeting: {path: ../mine}}' >> uk.yaml && said
fetching ../acme.git
wrote uk.lock
of my folder
$ grep -A3 '^  greeting' uk.lock
  greeting 1.9.0:
    registry: path
  heap 0.1.0:
    registry: builtin
$ sed -i 's/my folder/my own folder/' ../mine/include/acme/greeting.hpp && said
of my own folder
$ sed -i 's/{path: ..\/mine}/{path: ..\/wrong}/' uk.yaml && uk build
error: uk.yaml:10:23: the recipe in `../wrong` is of `other`, not of `greeting`
[3]
$ sed -i 's/{path: ..\/wrong}/{path: ..\/nowhere}/' uk.yaml && uk build
error: uk.yaml:10:23: there is no recipe.yaml in `../nowhere`, which `greeting` is to come from
[3]
$ library ../mine greeting 2.0.0 "of my folder" core && sed -i 's/{path: ..\/nowhere}/{path: ..\/mine}/' uk.yaml && uk build
error: uk.yaml:5:12: there is no `greeting ^1`
  because     `app` requires `greeting ^1`, and there is only 2.0.0   uk.yaml:5:12
  looked in   registries `builtin`, `acme`
  while resolving the variant `hosted`

hint: let `greeting ^1` at uk.yaml:5:12 accept 2.0.0
[4]

# A part of a git repository
$ mkdir ../big && library ../big/lib/greeting greeting 1.8.0 "of a part" core && cd ../big && git init -q -b main . && git add . && git commit -qm 1 && cd ../app
$ sed -i 's/{path: ..\/mine}/{git: ..\/big, folder: lib\/greeting}/' uk.yaml && said
fetching ../big
wrote uk.lock
of a part
$ sed -n '/^overrides/,/^$/p' uk.lock
overrides:
  greeting:
    git: ../big
    commit: <COMMIT>
    tree: sha256:<HASH>
$ library ../big/lib/greeting greeting 1.8.1 "of a later part" core && git -C ../big commit -qam 2 && said && uk update greeting && said
of a part
fetching ../acme.git
fetching ../big
wrote uk.lock
hosted: `greeting` from 1.8.0 to 1.8.1
of a later part
$ sed -i '/^overrides/d' uk.yaml && uk lock
fetching ../acme.git
wrote uk.lock
hosted: 8 components

# uk.local.yaml: for this machine alone, so the lock stays as it is.
$ cp uk.lock before && library ../mine greeting 1.9.0 "of uk.local.yaml" core
$ echo 'overrides: {greeting: {path: ../mine}}' > uk.local.yaml && said && cmp uk.lock before
warning: `greeting` comes from ../mine, as uk.local.yaml says; uk.lock stays as it is
of uk.local.yaml
$ said --locked
error: uk.local.yaml:1:23: `--locked` takes nothing from uk.local.yaml, which overrides `greeting`

hint: move the file away; it is for this machine alone
[6]
$ echo 'overrides: {greeting: {git: ../big}}' > uk.local.yaml && uk build
error: uk.local.yaml:1:23: uk.local.yaml overrides by `path` only; uk.yaml takes `git` as well
[3]
$ rm uk.local.yaml && said
1.3.0 of git
