# --help of every verb is docs/reference/cli.md (tests/cli/reference writes it).

$ "$TOP/tests/cli/reference" | diff "$TOP/docs/reference/cli.md" - && echo the same
30a31
>   tree                        List the components of an image below what asks for them
[1]
$ uk --version
uk 0.1.0
