#!/usr/bin/env bash
# The real terminals that tests/terminals opens, the hidden screens they open on, and what reads their pictures. Debian, as root.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
packages=(
  kitty foot konsole xterm alacritty xfce4-terminal stterm tmux
  xvfb cage grim wtype xdotool imagemagick dbus dbus-x11 libgl1-mesa-dri libegl1
  tesseract-ocr tesseract-ocr-ben chromium fonts-noto-core fonts-noto-mono fonts-dejavu-core
)
dpkg --status "${packages[@]}" >/dev/null 2>&1 && exit 0
apt-get -o DPkg::Lock::Timeout=600 update -qq
apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
