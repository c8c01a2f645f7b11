#!/usr/bin/env bash
# bpost's .deb in a fresh Debian: installed, used, removed. It fails where anything is left but the reader's own data. As root, with
# debootstrap and a Debian mirror; two minutes. `make deb` before it.    tests/packaging/in_chroot.sh [FOLDER OF A CHROOT]
set -euo pipefail
cd "$(dirname "$0")/../.."
packages=python3,man-db,bash-completion,zsh,fish,ca-certificates
source tests/packaging/fresh_debian.sh

# the fresh Debian may leave out documentation, as container images do
[ ! -e "$root/etc/dpkg/dpkg.cfg.d/docker" ] || rm "$root/etc/dpkg/dpkg.cfg.d/docker"
in_root apt-get install -y -qq --no-install-recommends libc6 libgcc-s1 libstdc++6 >/dev/null
files > "$lists/before"
cp build/bpost-tui_*.deb "$root/tmp/bpost.deb"
in_root apt-get install -y -qq --no-install-recommends /tmp/bpost.deb >/dev/null
in_root bpost --version
in_root bpost-tui --version
in_root man bpost | sed -n 1,4p
in_root bash -c 'source /usr/share/bash-completion/bash_completion; _comp_load bpost 2>/dev/null || __load_completion bpost; complete -p bpost'
[ "$(in_root zsh -f -c 'autoload -U compinit; compinit -u -D; print $_comps[bpost]')" = _bpost ]
[ "$(in_root fish -c 'complete -C "bpost config sche"')" = schema ]
in_root bpost doctor --text cells | sed -n '/parser/p;/Font/p'
on_a_pty chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root "${surroundings[@]}" bpost demo --language en
in_root dpkg --purge bpost-tui
files > "$lists/after"
echo "Left after removal:"
diff "$lists/before" "$lists/after" | grep '^[<>]' > "$lists/left" || true
cat "$lists/left"
! grep -vE '^> \./root/\.(local|cache/fish|config/fish|cache$|config$)' "$lists/left" || exit 1
