#!/usr/bin/env bash
# pip, pipx, uv and uvx in a fresh Debian, each by a reader with a home of their own: bpost is installed, used and removed as
# README.md and docs/command-line.md say. It fails where a step does, or where anything of bpost's is left but the reader's own
# data. As root, with debootstrap, a Debian mirror and a package index; three minutes. `make setup` before it.
#     tests/packaging/ways_in_chroot.sh [FOLDER OF A CHROOT]
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -n "${BPOST_INDEX:-}" ] || exec .venv/bin/python -m tests.packaging.package_index "$0" "$@"
packages=python3,python3-venv,pipx,man-db,bash-completion,zsh,fish,ca-certificates
source tests/packaging/fresh_debian.sh
own='^\./\.(local/share|local/state|config)/bpost(/|$)'

# READER: who comes, into a fresh home; $as is what a command line of theirs begins with
arrives() {
  home=/home/$1
  as=(chroot --userspec="$1:$1" "$root" /usr/bin/env -i -C "$home" HOME="$home" PATH="$home/venv/bin:$home/.local/bin:/usr/bin:/bin"
    "${surroundings[@]}" PIP_INDEX_URL="$BPOST_INDEX" PIP_DISABLE_PIP_VERSION_CHECK=1 UV_DEFAULT_INDEX="$BPOST_INDEX")
  printf '\n== %s\n' "$1"
}

# LINE: what the reader types into bash
types() { "${as[@]}" bash -euo pipefail -c "$1"; }

# WANTED LINE: what it prints must be that
prints() {
  local printed
  printed=$(types "$2")
  [ "$printed" = "$1" ] || { echo "\`$2\` printed \`$printed\`, not \`$1\`"; exit 1; }
}

# COMMAND…: bpost as this way starts it
is_used() {
  types "$* --version"
  types "$* doctor --text cells" | sed -n '/parser/p;/Font/p'
  on_a_pty "${as[@]}" "$@" demo --language en | sed -n 1,3p
}

# What the shells complete `bpost config sche` with: bash finds it by itself, the others are told in their start-up file
completes() {
  prints schema 'source /usr/share/bash-completion/bash_completion; _comp_load bpost; COMP_WORDS=(bpost config sche) COMP_CWORD=2
    COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=16; $(complete -p bpost | grep -oP "(?<=-F )\S+") bpost sche config; echo $COMPREPLY'
  prints _bpost "zsh -f -c 'autoload -U compinit; compinit -u -D; source <(bpost completions zsh); print \$_comps[bpost]'"
  prints schema "fish -c 'bpost completions fish | source; complete -C \"bpost config sche\"' | cut -f 1"
  echo "completes in bash, zsh and fish"
}

# LINE: which removes bpost; prints what is in the home now and wasn't before, by folder
removes() {
  types "$1"
  "${as[@]}" find . | sort > "$lists/after"
  comm -13 "$lists/before" "$lists/after" > "$lists/left"
  echo "Left after \`$1\`, the reader's own:"
  grep -E "$own" "$lists/left" | by_folder
  echo "and others':"
  grep -vE "$own" "$lists/left" | by_folder
  ! grep bpost "$lists/left" | grep -vE "$own" || exit 1
}
by_folder() { sed -E 's#^\./(\.local/[^/]+/[^/]+|\.[^/]+/[^/]+|[^/]+).*#\1#' | sort | uniq --count; }

# The home as it is, to compare with
begins() { "${as[@]}" find . | sort > "$lists/before"; }

begun=$SECONDS
for reader in pip pipx uv uvx; do
  in_root userdel --remove "$reader" 2>/dev/null || true
  in_root useradd --create-home "$reader"
done
files | grep -v '^\./home/' > "$lists/system"

arrives pip
begins
types 'python3 -m venv venv; pip install --quiet bpost-tui'
is_used bpost
types 'man bpost | sed -n 1,3p'
completes
removes 'pip uninstall --quiet --yes bpost-tui'

arrives pipx
begins
types 'pipx install bpost-tui'
is_used bpost
types 'man bpost | sed -n 1,3p'
completes
removes 'pipx uninstall bpost-tui'

arrives uv
types 'pipx install --quiet uv'
begins
types 'uv tool install --quiet bpost-tui'
is_used bpost
types 'man "$(uv tool dir)/bpost-tui/share/man/man1/bpost.1" | sed -n 1,3p'
completes
removes 'uv tool uninstall bpost-tui; uv cache clean bpost-tui; uv cache prune'

arrives uvx
types 'pipx install --quiet uv'
begins
is_used uvx bpost-tui
removes 'uv cache clean bpost-tui; uv cache prune'

printf '\nOutside of the homes:\n'
files | grep -v '^\./home/' | diff "$lists/system" -
echo "nothing is left"
echo "Done in $((SECONDS - begun)) s."
