#!/usr/bin/env bash
# bpost's .deb in a fresh Debian: installed, used, removed; then nothing but the reader's own files may be left. As root, with a Debian
# mirror; five minutes. `make deb` before it.    tests/packaging/in_chroot.sh [FOLDER OF AN EMPTY CHROOT THAT IS THERE]
set -euo pipefail
cd "$(dirname "$0")/../.."
root=${1:-$(mktemp -d)}
packages=python3,man-db,bash-completion,ca-certificates
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null | grep -m 1 -oE 'https?://[^ ]+' || true)
[ -x "$root/bin/bash" ] || debootstrap --variant=minbase --include=$packages trixie "$root" "$mirror"
in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LANG=C.UTF-8 TERM=xterm-256color DEBIAN_FRONTEND=noninteractive "$@"; }
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./var/cache -o -path ./var/log -o -path ./var/lib -o -path ./tmp \) -prune -o -print | sort); }
mount --bind /proc "$root/proc"
trap 'umount "$root/proc"' EXIT

# the fresh Debian may leave out documentation, as container images do
[ ! -e "$root/etc/dpkg/dpkg.cfg.d/docker" ] || rm "$root/etc/dpkg/dpkg.cfg.d/docker"
in_root apt-get install -y -qq --no-install-recommends libc6 libgcc-s1 libstdc++6 >/dev/null
lists=$(mktemp -d)
files > "$lists/before"
cp build/bpost-tui_*.deb "$root/tmp/bpost.deb"
in_root apt-get install -y -qq --no-install-recommends /tmp/bpost.deb >/dev/null
in_root bpost --version
in_root bpost-tui --version
in_root man bpost | head -n 4
in_root bash -c 'source /usr/share/bash-completion/bash_completion; _comp_load bpost 2>/dev/null || __load_completion bpost; complete -p bpost'
in_root bpost doctor --text cells | sed -n '/parser/p;/Font/p'
.venv/bin/python -m tests.packaging.on_a_pty chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 TERM=xterm-256color bpost demo --language en
in_root dpkg --purge bpost-tui
files > "$lists/after"
echo "Left after removal:"
diff "$lists/before" "$lists/after" | grep '^[<>]' || true
