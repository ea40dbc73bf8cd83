# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What build-aux/run and build-aux/check have in common: packages, configuring, compiling.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# A line for each thing that is needed: how to see that it is there, and the package that has it on Debian, Fedora and Arch.
# Probes: cmd:PROGRAM, pc:MODULE (pkg-config), file:PATTERN, font:LANGUAGE.
to_build='
cmd:meson                    meson               meson                      meson
cmd:ninja                    ninja-build         ninja-build                ninja
cmd:gcc                      gcc                 gcc                        gcc
file:/usr/include/stdlib.h   libc6-dev           glibc-devel                glibc
cmd:pkg-config               pkg-config          pkgconf-pkg-config         pkgconf
cmd:msgfmt                   gettext             gettext                    gettext
pc:gtk4                      libgtk-4-dev        gtk4-devel                 gtk4
pc:libadwaita-1              libadwaita-1-dev    libadwaita-devel           libadwaita
pc:json-glib-1.0              libjson-glib-dev     json-glib-devel            json-glib
cmd:glib-compile-resources   libglib2.0-dev-bin  glib2-devel                glib2-devel
cmd:glib-compile-schemas     libglib2.0-bin      glib2                      glib2
cmd:desktop-file-validate    desktop-file-utils  desktop-file-utils         desktop-file-utils
file:/usr/share/icons/Adwaita/index.theme  adwaita-icon-theme  adwaita-icon-theme  adwaita-icon-theme
file:/usr/lib*/gdk-pixbuf-2.0/*/loaders/*svg.so|/usr/lib/*/gdk-pixbuf-2.0/*/loaders/*svg.so|/usr/lib*/glycin-loaders/*/glycin-svg  librsvg2-common  librsvg2  librsvg
'
to_test='
cmd:Xvfb                     xvfb                xorg-x11-server-Xvfb       xorg-server-xvfb
cmd:xvfb-run                 xvfb                xorg-x11-server-Xvfb       xorg-server-xvfb
cmd:xauth                    xauth               xorg-x11-xauth             xorg-xauth
cmd:openbox                  openbox             openbox                    openbox
cmd:xprop                    x11-utils           xprop                      xorg-xprop
cmd:dbus-run-session         dbus                dbus-daemon                dbus
cmd:ss                       iproute2            iproute                    iproute2
cmd:gdbus                    libglib2.0-bin      glib2                      glib2
file:/usr/share/dbus-1/services/org.a11y.Bus.service  at-spi2-core  at-spi2-core  at-spi2-core
file:/usr/lib*/python3*/*-packages/gi/__init__.py  python3-gi  python3-gobject  python-gobject
cmd:xdotool                  xdotool             xdotool                    xdotool
cmd:xclip                    xclip               xclip                      xclip
cmd:import                   imagemagick         ImageMagick                imagemagick
cmd:weston                   weston              weston                     weston
cmd:socat                    socat               socat                      socat
cmd:ncat                     ncat                nmap-ncat                  nmap
cmd:nc.openbsd|nc            netcat-openbsd      netcat                     openbsd-netcat
cmd:hexdump                  bsdextrautils       util-linux                 util-linux
cmd:redis-server             redis-server        redis                      redis
file:/usr/lib*/python3*/*-packages/pymodbus/__init__.py  python3-pymodbus  python3-pymodbus  python-pymodbus
file:/usr/lib*/python3*/*-packages/serial_asyncio/__init__.py  python3-serial-asyncio  python3-pyserial-asyncio  python-pyserial-asyncio
cmd:appstreamcli             appstream           appstream                  appstream
font:en                      fonts-dejavu-core   dejavu-sans-mono-fonts     ttf-dejavu
font:zh                      fonts-noto-cjk      google-noto-sans-cjk-fonts noto-fonts-cjk
'
to_package='
cmd:dpkg-buildpackage        dpkg-dev            dpkg-dev                   dpkg
cmd:dh                       debhelper           debhelper                  debhelper
cmd:lintian                  lintian             lintian                    lintian
cmd:appstreamcli             appstream           appstream                  appstream
cmd:ss                       iproute2            iproute                    iproute2
cmd:python3                  python3             python3                    python
pc:glib-2.0                  libglib2.0-dev      glib2-devel                glib2
'
to_valgrind='
cmd:valgrind                 valgrind            valgrind                   valgrind
'
to_bootstrap='
cmd:debootstrap              debootstrap         debootstrap                debootstrap
cmd:unshare                  util-linux          util-linux                 util-linux
file:/usr/share/keyrings/debian-archive-keyring.gpg  debian-archive-keyring  debian-keyring  debian-archive-keyring
'
to_bench='
cmd:python3                  python3             python3                    python
cmd:rg                       ripgrep             ripgrep                    ripgrep
'

say ()
{
  printf '%s\n' "$*" >&2
}

die ()
{
  say "$@"
  exit 1
}

# is_there PROBE: whether one of the alternatives (separated by |) is.
is_there ()
{
  local kind=${1%%:*} one
  local -a alternatives
  IFS='|' read -r -a alternatives <<< "${1#*:}"
  for one in "${alternatives[@]}"; do
    case $kind in
      cmd) command -v "$one" > /dev/null && return ;;
      pc) pkg-config --exists "$one" 2> /dev/null && return ;;
      file) compgen -G "$one" > /dev/null && return ;;
      font) [ -n "$(fc-list ":lang=$one" 2> /dev/null | head -n 1)" ] && return ;;
    esac
  done
  return 1
}

# list_missing COLUMN TABLE...: the packages in that column of the table (2: Debian, 3: Fedora, 4: Arch) whose probe fails.
list_missing ()
{
  local column=$1 probe debian fedora arch
  shift
  while read -r probe debian fedora arch; do
    [ -n "$probe" ] || continue
    is_there "$probe" && continue
    case $column in
      2) echo "$debian" ;;
      3) echo "$fedora" ;;
      4) echo "$arch" ;;
    esac
  done <<< "$*" | sort -u | tr '\n' ' '
}

# quietly WHAT COMMAND...: shows the command's output only if it fails.
quietly ()
{
  local what=$1 log status=0
  shift
  log=$(mktemp)
  "$@" > "$log" 2>&1 || status=$?
  if [ "$status" != 0 ]; then
    cat "$log" >&2
    say "$what failed (exit status $status)."
  fi
  rm -f "$log"
  return "$status"
}

apt_install ()
{
  local -a root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  # Package lists that can't be renewed (no network) may still do: only the second command's failure counts.
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update || true
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
    install "$@"
}

# need TABLE...: installs what is missing, or says what to install.
need ()
{
  local missing
  missing=$(list_missing 2 "$@")
  [ -n "$missing" ] || return 0

  if ! command -v apt-get > /dev/null; then
    say "Missing, by their names on Fedora: $(list_missing 3 "$@")"
    die "or on Arch: $(list_missing 4 "$@")"
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo > /dev/null; then
    say "Packages are missing, and installing them needs root. Run this as root, then try again:"
    die "  apt-get update && apt-get install --no-install-recommends $missing"
  fi
  say "Installing: $missing"
  # shellcheck disable=SC2086
  quietly "Installing packages" apt_install $missing || exit 1
  missing=$(list_missing 2 "$@")
  [ -z "$missing" ] || die "Still not there after installing: $missing"
}

# A folder of before an option came knows it only when it is configured anew.
reconfigure ()
{
  local folder=$1
  shift
  meson configure "$@" "$folder" || meson setup --reconfigure "$@" "$folder" "$top"
}

# build FOLDER OPTION...: configures the build folder (again, if an option differs) and compiles.
build ()
{
  local folder=$1
  shift
  if [ -e "$folder" ] && [ ! -w "$folder" ]; then
    die "$folder belongs to another user ($(stat -c %U "$folder")): remove it or change its owner."
  fi
  if [ ! -e "$folder/build.ninja" ]; then
    say "Configuring $(basename "$folder")…"
    quietly "Configuring" meson setup "$@" "$folder" "$top"
  elif [ $# -gt 0 ]; then
    quietly "Configuring" reconfigure "$folder" "$@"
  fi && {
    say "Building $(basename "$folder")…"
    quietly "Building" meson compile -C "$folder"
  }
}
