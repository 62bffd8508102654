# uk verify: the same bytes in other surroundings, or the action that makes others, and why.
#: COUNT = ^[0-9]{3,}(?= actions)
#: OTHERS = (?<= of )[0-9]{3,}
#: BYTE = (?<=from byte )[0-9]+

$ uk init hello --template minimal
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ cd hello
$ uk verify hosted 2>/dev/null | sed 's/processors, //; s/uptime, //'
<COUNT> actions made the same bytes again
varied: folder, user, host, umask, locale, time-zone, environment, file-order, file-times

# A component whose archive keeps owner and times of its members.
$ mkdir -p recipes/stamp/1.0.0/data && echo one > recipes/stamp/1.0.0/data/one.txt
$ cat > recipes/stamp/1.0.0/recipe.yaml <<'END'
> name: stamp
> version: 1.0.0
> kind: component
> build:
>   - run: [ar, rcU, made/data.a, data/one.txt]
>     inputs: [data/*.txt]
>     outputs: [made/data.a]
> END
$ uk add stamp 2>/dev/null
hosted: `stamp 1.0.0` comes in
kvm: `stamp 1.0.0` comes in
xen: `stamp 1.0.0` comes in
$ uk verify kvm --action 'run ar' 2>/dev/null | grep -vE '^  (was|varied)|^varied'
kvm stamp: run ar
  output   made/data.a, from byte <BYTE>
  because  the user's and group's number (1000, varied: 2345)
  and      the times of input files
1 of 1 actions made other bytes
$ uk verify kvm --action 'run ar' >/dev/null 2>&1
[1]
$ uk --json verify kvm --action 'run ar' 2>/dev/null | grep -vE '"(processors|uptime)",'
{
  "checked": 1,
  "differences": [
    {
      "because": [
        "user",
        "file-times"
      ],
      "component": "stamp",
      "label": "run ar",
      "offset": 25,
      "output": "made/data.a",
      "variant": "kvm"
    }
  ],
  "varied": [
    "folder",
    "user",
    "host",
    "umask",
    "locale",
    "time-zone",
    "environment",
    "file-order",
    "file-times"
  ]
}
$ uk verify hosted 2>/dev/null | grep -E '^[a-z0-9]+ '
hosted stamp: run ar
1 of <OTHERS> actions made other bytes
$ uk build -t hosted >/dev/null 2>&1 && ls dist
hosted
