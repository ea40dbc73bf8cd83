/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-frame-check.h"
#include "skt-message.h"
#include "skt-session.h"
#include "skt-tab.h"
#include "skt-row.h"
#include "socketeer-save-dialog.h"

G_BEGIN_DECLS

typedef enum
{
  SOCKETEER_PAGE_CLIENT,
  SOCKETEER_PAGE_SERVER,
  SOCKETEER_PAGE_JOURNAL, /* a journal that is only looked at */
} SocketeerPageKind;

/* One tab: a client, a server, or a session of before.
 * Properties: title (string): what it is ("→ 127.0.0.1:7788"); active (boolean): something is connected or listening;
 *   busy (boolean): resolving or connecting.
 * Signals: message (string): to be told to the user in passing; activity: bytes came or went. */
#define SOCKETEER_TYPE_PAGE (socketeer_page_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerPage, socketeer_page, SOCKETEER, PAGE, GtkWidget)

/* NULL and an error if the session's journal can't be made. */
SocketeerPage *socketeer_page_new (SktEngine *engine, SocketeerPageKind kind, GError **error);
/* peers: the addresses of its connections, connection (GUINT_TO_POINTER) → string. `warning` (may be NULL): what is
 * missing of the journal. */
SocketeerPage *socketeer_page_new_for_journal (SktJournal *journal,
                                               GHashTable *peers,
                                               const char *name,
                                               const char *warning);

SocketeerPageKind socketeer_page_get_kind (SocketeerPage *self);
SktSession *socketeer_page_get_session (SocketeerPage *self); /* NULL for JOURNAL */
const char *socketeer_page_get_title (SocketeerPage *self);
gboolean socketeer_page_is_active (SocketeerPage *self);

/* These say what is wrong in the page and return FALSE. */
gboolean socketeer_page_connect (SocketeerPage *self, const char *endpoint);
gboolean socketeer_page_listen (SocketeerPage *self, const char *endpoint);
/* Fills in where to connect to or to listen, and does nothing else. !is_kept: when it is used it is not remembered. Not for JOURNAL. */
void socketeer_page_fill (SocketeerPage *self, const char *endpoint, gboolean is_kept);
gboolean socketeer_page_send_text (SocketeerPage *self, const char *text);
gboolean socketeer_page_send_hex (SocketeerPage *self, const char *hex);
/* `path` in the encoding of file names; after those that are being sent. What becomes of it is said in a row of the page. */
gboolean socketeer_page_send_file (SocketeerPage *self, const char *path);

/* What is in the composer, whole: NULL and an error if it can't be sent. (transfer full) */
SktMessage *socketeer_page_dup_message (SocketeerPage *self, GError **error);
/* Puts it into the composer, in place of what is there. */
void socketeer_page_edit_message (SocketeerPage *self, SktMessage *message);
/* Sends to whom the composer would send. Errors: of skt_message_expand() and skt_session_send(). Not for JOURNAL. */
gboolean socketeer_page_send_message (SocketeerPage *self, SktMessage *message, const SktMessageContext *context, GError **error);

void socketeer_page_disconnect (SocketeerPage *self);
void socketeer_page_stop_listening (SocketeerPage *self);
void socketeer_page_set_echo (SocketeerPage *self, gboolean echo);
void socketeer_page_set_view (SocketeerPage *self, SktView view);
void socketeer_page_set_mode (SocketeerPage *self, SktMode mode);
void socketeer_page_set_frame_rule (SocketeerPage *self, const SktFrameRule *rule);
void socketeer_page_set_frame_check (SocketeerPage *self, const SktFrameCheck *check);
void socketeer_page_show_filter (SocketeerPage *self);
void socketeer_page_find (SocketeerPage *self);
void socketeer_page_find_step (SocketeerPage *self, gboolean is_forward);
void socketeer_page_set_encoding (SocketeerPage *self, SktEncoding encoding);
void socketeer_page_export (SocketeerPage *self, const SocketeerSaveChoice *choice, const char *path);
/* Asks for the file's name, or first for what to save. */
void socketeer_page_save_as (SocketeerPage *self, const SocketeerSaveChoice *choice);
void socketeer_page_save (SocketeerPage *self, gboolean prefers_selection);
void socketeer_page_zoom (SocketeerPage *self, double factor);
void socketeer_page_focus (SocketeerPage *self);

/* All that is chosen and typed in it; NULL for JOURNAL. (transfer full) */
SktTab *socketeer_page_dup_tab (SocketeerPage *self);
/* Fills in the same, and does nothing else: it neither connects nor listens nor sends. Not for JOURNAL. */
void socketeer_page_apply_tab (SocketeerPage *self, const SktTab *tab);
/* Of no use at the next start: the demonstration, and what is only looked at. */
gboolean socketeer_page_is_passing (SocketeerPage *self);

/* Ends its connections, and whatever sends; the session and all that is shown stays. */
void socketeer_page_rest (SocketeerPage *self);

/* Ends the session; its journal goes. */
void socketeer_page_close (SocketeerPage *self);

G_END_DECLS
