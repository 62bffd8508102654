# What a command line can be wrong in.

$ uk
$ uk biuld
$ uk build --loked
$ uk build --jobs many
$ uk inspect
$ uk -C nowhere build
$ mkdir empty && uk -C empty build
$ uk -C empty --json build
