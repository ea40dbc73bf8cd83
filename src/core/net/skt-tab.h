/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-json.h"
#include "skt-message.h"

G_BEGIN_DECLS

/* Numbers are stored by name: only append. */
typedef enum
{
  SKT_TAB_CLIENT,
  SKT_TAB_SERVER,
  SKT_N_TAB_KINDS,
} SktTabKind;

/* Nothing longer is kept of a text, unsent messages included: in bytes. */
#define SKT_TAB_MAX_TEXT (256 * 1024)

/* What is chosen and typed in a tab: all that makes it again but what it received. Texts are as they were typed, so they need not be good; they are
 * never NULL, and valid UTF-8. All strings are owned. */
typedef struct
{
  SktTabKind kind;
  char *host, *port;                /* SERVER: the address, "" for all */
  char *local_address, *local_port; /* CLIENT */
  int timeout_s;                    /* CLIENT, for each address */
  gboolean closes_with_peer, no_delay;
  int backlog;                      /* SERVER */
  gboolean no_reuse, echo;          /* SERVER */
  char *allow, *deny;               /* SERVER: networks */
  int max_connections, max_per_address;
  char *socket_options;             /* skt_socket_options_to_text() */
  char *view, *mode, *encoding, *frame_rule, *frame_check; /* by their names */
  int bytes_per_row;
  SktMessageSettings message;       /* how it is sent; its source is `source` */
  char *source;                     /* what is typed and not sent */
} SktTab;

/* As the program makes one that nothing was chosen for. */
SktTab *skt_tab_new (SktTabKind kind);
void skt_tab_free (SktTab *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktTab, skt_tab_free)

/* (transfer full) */
JsonObject *skt_tab_to_json (const SktTab *self);
/* What is missing is as in skt_tab_new(), what is not known is ignored. Error: SKT_ERROR_BAD_FILE, which names the member. (transfer full) */
SktTab *skt_tab_from_json (JsonObject *tainted_object, GError **error);

/* "→ host:port" or "⇠ :port"; NULL: there is no port yet. (transfer full) */
char *skt_tab_dup_title (SktTabKind kind, const char *host, const char *port);

G_END_DECLS
