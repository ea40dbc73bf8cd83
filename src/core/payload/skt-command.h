/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SKT_COMMAND_NCAT,
  SKT_COMMAND_SOCAT,
  SKT_COMMAND_NC,               /* that of OpenBSD */
  SKT_COMMAND_PYTHON,
  SKT_N_COMMANDS,
} SktCommand;

typedef struct
{
  gboolean listens;             /* waits for one client, and sends to it */
  const char *host;             /* name or literal, without brackets; listens: NULL or "" for all addresses */
  guint16 port;
  const char *local_host;       /* not `listens`: where it is bound to; NULL or "": the system chooses */
  guint16 local_port;           /* 0: the system chooses */
} SktCommandTarget;

/* More bytes are refused: no shell takes such a line well. */
#define SKT_COMMAND_MAX_BYTES (16 * 1024)

/* The name people know it by, not translated ("ncat"). Static. */
const char *skt_command_get_name (SktCommand command);

/* A line for a POSIX shell that connects, or listens, sends these bytes (NULL or none: only what is typed then), and prints what comes until the
 * peer closes. Any bytes: NUL too. Error: SKT_ERROR_BAD_MESSAGE, too many bytes. (transfer full) */
char *skt_command_make (SktCommand command, const SktCommandTarget *target, GBytes *bytes, GError **error);

/* The words of `printf` that give these bytes: "printf 'a\\000b'". (transfer full) */
char *skt_command_make_printf (GBytes *bytes);

G_END_DECLS
