#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# asan.sh PROG [ARGS]: run what was built with -fsanitize=address,undefined under with-x.sh; such a program exits with 23 on
# a leak or a memory error.  RIG_FAST=0: the slow unwinder, for whole stacks.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Distribution libraries have no frame pointers: with the fast unwinder stacks may end early, and with the slow one the
# gl renderer (llvmpipe's frames) takes minutes.  Mesa leaks, so it is kept out (by the second variable since GTK 4.16).
# G_SLICE is only read by GLib before 2.76: without it slices hide leaks.
asan=detect_leaks=1:fast_unwind_on_malloc=${RIG_FAST:-1}:malloc_context_size=40:exitcode=23
asan=$asan:detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1
exec env RIG_RENDERER="${RIG_RENDERER:-cairo}" "$here/with-x.sh" env \
  G_SLICE=always-malloc GDK_DEBUG=gl-disable GDK_DISABLE=gl \
  ASAN_OPTIONS="${ASAN_OPTIONS:-$asan}" \
  LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=${LSAN_PRINT:-0}" \
  UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:exitcode=23 \
  GTK_A11Y="${GTK_A11Y:-test}" "$@"
