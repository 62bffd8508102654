# --help of every verb is docs/reference/cli.md (tests/cli/reference writes it).

$ "$TOP/tests/cli/reference" | diff "$TOP/docs/reference/cli.md" - && echo the same
the same
$ uk --version
uk 0.1.0
