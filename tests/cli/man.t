# uk man: a page for each verb, as clean as linters want it; only a date is missing, on purpose.

$ uk man -o pages && echo pages/*
pages/uk-add.1 pages/uk-archive.1 pages/uk-build.1 pages/uk-cache.1 pages/uk-check.1 pages/uk-completion.1 pages/uk-dev.1 pages/uk-doctor.1 pages/uk-graph.1 pages/uk-init.1 pages/uk-inspect.1 pages/uk-lock.1 pages/uk-log.1 pages/uk-man.1 pages/uk-outdated.1 pages/uk-plan.1 pages/uk-remove.1 pages/uk-run.1 pages/uk-shell.1 pages/uk-solve.1 pages/uk-targets.1 pages/uk-test.1 pages/uk-tree.1 pages/uk-update.1 pages/uk-verify.1 pages/uk-why-not.1 pages/uk-why.1 pages/uk.1
$ mandoc -T lint -W warning pages/*.1 | grep -v 'missing date'; groff -man -ww -z pages/*.1
# What --help lists is in the page: every option of every verb.
$ for page in pages/uk-*.1; do verb=${page#pages/uk-}; verb=${verb%.1}; mandoc -T utf8 $page | col -bx > text
>   uk $verb --help | grep -o -e '^  [^ ]*--[a-z-]*' | grep -o -e '--[a-z-]*' | while read -r option; do grep -q -e "$option" text || echo "$verb lacks $option"; done; done
$ uk man why | mandoc -T utf8 | col -bx
UK-WHY(1)                             uk                             UK-WHY(1)

NAME
       uk-why - Say why something is in the image, or was built again

SYNOPSIS
       uk why [OPTIONS] [what]

OPTIONS
       COMPONENT
              A component, an instance or a signature

       -h, --help
              Print this help message and exit

       --rebuilt ACTION
              Say which inputs of this action changed since it ran before;
              without one, of all that the last build ran

       -t, --target VARIANT
              A variant of uk.yaml (none: all of them)

NOTES
       An action is called as `uk plan` and progress show it, or by a part of
       that, or by its digest.

EXAMPLES
       uk why musl
       uk why --rebuilt
       uk why --rebuilt 'compile main.cpp' -t kvm

SEE ALSO
       uk(1)

uk 0.1.0                                                             UK-WHY(1)
$ uk man | mandoc -T utf8 | col -bx | head -n 20
UK(1)                                 uk                                 UK(1)

NAME
       uk - builds an operating system around an application

SYNOPSIS
       uk [OPTIONS] VERB

OPTIONS
       -h, --help
              Print this help message and exit

       --version
              Display program version information and exit

       -C DIR Work in this folder

       -p, --project APPLICATION
              Work on this application of a workspace
$ uk man biuld
error: there is no verb `biuld`; did you mean `build`?

hint: `uk --help` lists the verbs
[2]
