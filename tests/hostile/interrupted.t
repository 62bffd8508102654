# Ctrl-C in the middle: the status says so, nothing is left behind, and the next build goes on from there.

$ uk init hello --template minimal && cd hello
$ mkdir home && cp -r "$UK_HOME/sources" home && export UK_HOME=$PWD/home
$ timeout --preserve-status -s INT 2 uk build --target hosted >/dev/null 2>error; echo "status $?"
$ grep -v '^\[' error
$ ls home/tmp | wc -l; ls -d dist
$ pgrep -f "$PWD" | wc -l
$ uk build --target hosted --jobs 2 2>/dev/null | sed 's/  .*//'
