#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# with-x.sh CMD [ARGS...]
# Runs CMD with a private Xvfb and openbox, D-Bus session bus and AT-SPI bus.
# Everything that it starts is ended (by process id) when CMD ends; the exit
# status is CMD's.  Needs: xvfb openbox x11-utils dbus at-spi2-core
# (and xdotool xclip imagemagick python3-gi for rig.py).
# Environment it reads: RIG_GEOM (default 1280x800x24), RIG_RENDERER (cairo|gl), RIG_COMPOSITOR=1 (xcompmgr),
# RIG_WAYLAND=1 (weston in place of Xvfb and openbox: no keyboard, pointer or clipboard),
# RIG_KEEP=1 (keep the temporary folder with the logs; its path is printed).
set -u
geom=${RIG_GEOM:-1280x800x24}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/rig.XXXXXX")
mkdir -m 700 "$tmp/run" "$tmp/home"
mkdir -p "$tmp/home/.config" "$tmp/home/.cache" "$tmp/home/.local/share" "$tmp/home/.local/state"

pids=()
cleanup() {
  local p
  [ -n "${main:-}" ] && kill -- "-$main" 2>/dev/null
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
  for p in "${pids[@]}"; do wait "$p" 2>/dev/null; done
  if [ -z "${RIG_KEEP:-}" ]; then rm -rf "$tmp"; else echo "rig: kept $tmp" >&2; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# 1. A clean environment: nothing from the caller's desktop leaks in.
unset WAYLAND_DISPLAY DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS GTK_MODULES GTK_THEME GTK_DEBUG GDK_DEBUG NO_AT_BRIDGE XAUTHORITY
export HOME="$tmp/home" XDG_RUNTIME_DIR="$tmp/run" XDG_CONFIG_HOME="$tmp/home/.config" \
       XDG_CACHE_HOME="$tmp/home/.cache" XDG_DATA_HOME="$tmp/home/.local/share" \
       XDG_STATE_HOME="$tmp/home/.local/state"
export GTK_A11Y=atspi GSK_RENDERER=${RIG_RENDERER:-cairo} \
       GSETTINGS_BACKEND=memory GTK_IM_MODULE=gtk-im-context-simple \
       LIBGL_ALWAYS_SOFTWARE=1 \
       GTK_USE_PORTAL=0 ADW_DISABLE_PORTAL=1 GVFS_DISABLE_FUSE=1 GIO_USE_VFS=local \
       LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1

# 2. The display. Xvfb picks a free number itself and writes it to fd 3.
start_x() {
  mkfifo "$tmp/dpy"
  Xvfb -displayfd 3 -screen 0 "$geom" -nolisten tcp -dpi 96 +extension GLX +extension RANDR +render -noreset \
    3>"$tmp/dpy" >"$tmp/xvfb.log" 2>&1 &
  pids+=($!)
  read -r -t 20 n <"$tmp/dpy" || { echo "rig: Xvfb did not start" >&2; cat "$tmp/xvfb.log" >&2; exit 99; }
  export DISPLAY=:$n GDK_BACKEND=x11

  # A window manager, so that focus, activation and modal dialogs behave.
  openbox --sm-disable >"$tmp/openbox.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 100); do
    xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id' && break
    sleep 0.05
  done

  # The pointer out of the way: under a window it opens tooltips, and GTK 4.8 warns of one whose window is gone.
  width=${geom%%x*} height=${geom#*x}
  xdotool mousemove $((width - 1)) $((${height%%x*} - 1)) >/dev/null 2>&1

  # RIG_COMPOSITOR=1: xcompmgr, for screenshots with real shadows and round corners
  #     (without a compositor GTK draws a 5 px border and popovers on black).
  if [ -n "${RIG_COMPOSITOR:-}" ]; then
    xcompmgr >"$tmp/xcompmgr.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do
      xwininfo -root -children 2>/dev/null | grep -q xcompmgr && break
      sleep 0.05
    done
  fi
}

# A compositor that needs no output device. --debug lets weston-screenshooter in.
start_wayland() {
  local size=${geom%x*}
  weston --backend=headless-backend.so --use-pixman --width="${size%x*}" --height="${size#*x}" --socket=wayland-test \
    --no-config --idle-time=0 --debug >"$tmp/weston.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 200); do
    [ -S "$XDG_RUNTIME_DIR/wayland-test" ] && break
    sleep 0.05
  done
  [ -S "$XDG_RUNTIME_DIR/wayland-test" ] || { echo "rig: weston did not start" >&2; cat "$tmp/weston.log" >&2; exit 99; }
  export WAYLAND_DISPLAY=wayland-test GDK_BACKEND=wayland
}

if [ -n "${RIG_WAYLAND:-}" ]; then start_wayland; else start_x; fi

# 3. The private session bus.  org.a11y.Bus is started by D-Bus activation on first use.
#    A private bus configuration with only the a11y service: otherwise libadwaita/GTK
#    start the desktop portal, dconf and others that are installed on the machine.
export RIG_TMP=$tmp
mkdir -p "$tmp/services"
cp /usr/share/dbus-1/services/org.a11y.Bus.service "$tmp/services/"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sed "s#@SERVICEDIR@#$tmp/services#" "$here/session.conf" >"$tmp/session.conf"
# In a process group of its own, so that a TERM to this script ends all of it. Only CMD writes to standard output (which may be
# TAP); what the bus and its services write there is dropped, and from standard error what they always say.
noise='^$|dbind-WARNING.*Error in GetItems|Failed to set fd limit|Activating service|Successfully activated'
noise="$noise|SpiRegistry daemon|XIO:  fatal|X connection to|after [0-9]+ requests"
# shellcheck disable=SC2016
setsid dbus-run-session --config-file="$tmp/session.conf" -- bash -c 'exec "$@" >&4 4>&-' bash "$@" \
  4>&1 >/dev/null <&0 2> >(grep -v -E "$noise" >&2) &
main=$!
wait "$main"
