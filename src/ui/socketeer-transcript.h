/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-session.h"
#include "skt-tab.h"
#include "socketeer-byte-view.h"

G_BEGIN_DECLS

/* The byte view of a session with what chooses how it is shown.
 * Signals: message (string): to be told to the user; inspector-moved: it has come or gone, or is elsewhere. */
#define SOCKETEER_TYPE_TRANSCRIPT (socketeer_transcript_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerTranscript, socketeer_transcript, SOCKETEER, TRANSCRIPT, GtkWidget)

/* Of a living session, or of a journal alone (session NULL). */
void socketeer_transcript_set_session (SocketeerTranscript *self, SktSession *session);
void socketeer_transcript_set_journal (SocketeerTranscript *self, SktJournal *journal);

/* Lets go of the journal, so that its files can be deleted elsewhere than on the main thread. */
void socketeer_transcript_close (SocketeerTranscript *self);

/* The addresses of a journal alone, before it is set: connection (GUINT_TO_POINTER) → string. */
void socketeer_transcript_set_peers (SocketeerTranscript *self, GHashTable *peers);

/* Only these connections (ids); NULL: all. */
void socketeer_transcript_set_filter (SocketeerTranscript *self, const guint32 *connections, gsize n_connections);

/* Is the inspector shown below the bytes, as there is no room beside them? */
gboolean socketeer_transcript_has_inspector_below (SocketeerTranscript *self);

void socketeer_transcript_set_view (SocketeerTranscript *self, SktView view);
void socketeer_transcript_set_mode (SocketeerTranscript *self, SktMode mode);
/* The rule must be good. It does not choose frames. */
void socketeer_transcript_set_frame_rule (SocketeerTranscript *self, const SktFrameRule *rule);
void socketeer_transcript_set_frame_check (SocketeerTranscript *self, const SktFrameCheck *check);
/* Opens what chooses what is shown. */
void socketeer_transcript_show_filter (SocketeerTranscript *self);
void socketeer_transcript_set_encoding (SocketeerTranscript *self, SktEncoding encoding);
SktEncoding socketeer_transcript_get_encoding (SocketeerTranscript *self);

/* How it is shown, to and from a tab that is kept; what is filtered out is not. What is not known of a tab stays as it is. */
void socketeer_transcript_get_tab (SocketeerTranscript *self, SktTab *tab);
void socketeer_transcript_set_tab (SocketeerTranscript *self, const SktTab *tab);

/* What is said while there is nothing to show. */
void socketeer_transcript_set_empty_text (SocketeerTranscript *self, const char *text);

SocketeerByteView *socketeer_transcript_get_byte_view (SocketeerTranscript *self);

/* The pane beside the byte view, hidden or not. Borrowed. */
GtkWidget *socketeer_transcript_get_inspector (SocketeerTranscript *self);

/* Opens what finds, or goes to the next or previous of what it found. */
void socketeer_transcript_find (SocketeerTranscript *self);
void socketeer_transcript_find_step (SocketeerTranscript *self, gboolean is_forward);

/* factor 0: back to the usual size. */
void socketeer_transcript_zoom (SocketeerTranscript *self, double factor);

G_END_DECLS
