# uk doctor: what is missing on this machine, and the command that installs it.
#: VERSION = [0-9]+\.[0-9]+(\.[0-9]+)?

#: KVM = (ok     |without) /dev/kvm .*(\n  .*)?
#: RING = (ok     |without) io_uring .*(\n  .*)?

$ uk doctor
ok      compiler            uk build                     gcc <VERSION> for x86_64
ok      sandbox             uk build                     namespaces of its own
ok      patch               sources with patches         /usr/bin/patch
ok      qemu-system-x86_64  uk run --target kvm and xen  /usr/bin/qemu-system-x86_64
ok      cpio                uk run --target xen          /usr/bin/cpio
ok      xz                  uk run --target xen          /usr/bin/xz
ok      apt-get             sources from Debian          /usr/bin/apt-get
ok      io_uring            hosted images                available
ok      /dev/kvm            uk run                       usable
$ PATH=$(dirname "$(command -v uk)") uk doctor
missing compiler            uk build                     there is no C++ compiler: `g++` isn't in PATH
        sudo apt-get install g++ binutils
ok      sandbox             uk build                     namespaces of its own
without patch               sources with patches         isn't there
        sudo apt-get install patch
without qemu-system-x86_64  uk run --target kvm and xen  isn't there
        sudo apt-get install qemu-system-x86
without cpio                uk run --target xen          isn't there
        sudo apt-get install cpio
without xz                  uk run --target xen          isn't there
        sudo apt-get install xz-utils
without apt-get             sources from Debian          isn't there
        sudo apt-get install apt
ok      io_uring            hosted images                available
ok      /dev/kvm            uk run                       usable
[7]
