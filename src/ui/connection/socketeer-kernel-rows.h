/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "skt-tcp-info.h"

G_BEGIN_DECLS

/* The figures of the kernel's view: names, what they say, and how they are written. Pure. */

typedef enum
{
  SOCKETEER_KERNEL_CONNECTION,
  SOCKETEER_KERNEL_ACKNOWLEDGEMENT,
  SOCKETEER_KERNEL_RETRANSMISSION,
  SOCKETEER_KERNEL_FLOW,
  SOCKETEER_KERNEL_CONGESTION,
  SOCKETEER_KERNEL_QUEUES,
  SOCKETEER_N_KERNEL_GROUPS,
} SocketeerKernelGroup;

typedef struct
{
  SocketeerKernelGroup group;
  const char *name;    /* untranslated: N_() */
  const char *caption; /* a sentence; untranslated */
  /* (transfer full) NULL: not known */
  char *(*format) (const SktTcpInfo *info);
} SocketeerKernelRow;

/* All of them, in the order of their groups. Static. */
const SocketeerKernelRow *socketeer_kernel_rows_get (guint *ret_n);

/* Translated. */
const char *socketeer_kernel_group_get_title (SocketeerKernelGroup group);

/* "0.045 ms", "1.2 s" (transfer full) */
char *socketeer_kernel_format_time (double us);

G_END_DECLS
