#!/bin/sh
# Make sure of a Chromium: where none is installed, install Debian's, as root, in bounded time.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "the browser tests need a Chromium: install it (Debian: apt-get install chromium)" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
timeout 300 apt-get -qq -o DPkg::Lock::Timeout=120 update
timeout 600 apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
  chromium fonts-liberation >/dev/null
