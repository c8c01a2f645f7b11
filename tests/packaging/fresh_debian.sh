# A fresh Debian 13 to try packages in, as root, with a Debian mirror: sourced by in_chroot.sh and ways_in_chroot.sh, which name its
# `packages` first. In $1, where a folder is named: an empty one is filled, one that has a system is taken as it is;
# where none is, it is gone again at the end. `lists` is a folder for lists of files.
root=${1:-$(mktemp -d)}
chmod 755 "$root"  # its readers go in, too
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null | grep -m 1 -oE 'https?://[^ ]+' || true)
[ -x "$root/bin/bash" ] || debootstrap --variant=minbase --include="$packages" trixie "$root" "$mirror" >/dev/null
mount --bind /proc "$root/proc"
lists=$(mktemp -d)
trap 'umount "$root/proc" && rm -r "$lists" && { [ -n "${1:-}" ] || rm -r --one-file-system "$root"; }' EXIT
surroundings=(LANG=C.UTF-8 TERM=xterm-256color)

# COMMAND…: as its root
in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root "${surroundings[@]}" DEBIAN_FRONTEND=noninteractive "$@"; }

# All its files, but for what its services and package managers keep
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./var/cache -o -path ./var/log -o -path ./var/lib -o -path ./tmp \) -prune -o -print | sort); }

# COMMAND…: a chroot that starts the reader, on a pseudo-terminal, and out again; what stood on the screen
on_a_pty() { .venv/bin/python -m tests.packaging.pty_run "$@"; }
