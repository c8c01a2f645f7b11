#!/usr/bin/env bash
# The real terminals that tests/terminals opens, the hidden screens they open on, and what reads their pictures and clipboards; the
# shells that tests/cli completes in; Debian's own Python; what weighs the systemd unit; what lets system calls fail; a voice, and
# what measures sound; a server of feeds with its database; what reads the recipes of packaging/. As root.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
packages=(
  kitty foot konsole xterm alacritty xfce4-terminal stterm tmux
  xvfb cage grim wtype xdotool dbus dbus-x11 libgl1-mesa-dri libegl1
  tesseract-ocr tesseract-ocr-ben zbar-tools xclip chromium fonts-noto-core fonts-noto-mono fonts-dejavu-core unicode-data
  zsh fish python3 python3-venv systemd strace
  espeak-ng sox
  miniflux postgresql
  ruby nix-bin makepkg pacman-package-manager desktop-file-utils appstream
)
command -v npm >/dev/null || packages+=(npm)
if ! dpkg --status "${packages[@]}" >/dev/null 2>&1; then
  apt-get -o DPkg::Lock::Timeout=600 update -qq
  apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
# xterm.js, which runs in Chromium: Debian's package is of another major version, and has no pictures
xterm=(@xterm/xterm@6.0.0 @xterm/addon-image@0.9.0 @xterm/addon-webgl@0.19.0 @xterm/addon-unicode11@0.9.0)
for package in "${xterm[@]}"; do
  npm list --global "$package" >/dev/null 2>&1 || npm install --global --silent --ignore-scripts "$package"
done
