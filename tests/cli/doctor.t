# uk doctor: what is missing on this machine, and the command that installs it.
#: VERSION = [0-9]+\.[0-9]+(\.[0-9]+)?

$ uk doctor
$ PATH=$(dirname "$(command -v uk)") uk doctor
