/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-sequence-run.h"

G_BEGIN_DECLS

/* What the steps of runs have come to, as lines that can be selected and copied. The last 2,000 are kept. Follows its end, unless the user
 * has scrolled up. */
#define SOCKETEER_TYPE_RUN_LOG (socketeer_run_log_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerRunLog, socketeer_run_log, SOCKETEER, RUN_LOG, GtkWidget)

void socketeer_run_log_clear (SocketeerRunLog *self);
/* `peer`: who it is about; NULL: that is clear. */
void socketeer_run_log_add (SocketeerRunLog *self, const SktRunLine *line, const char *peer);
/* A line of the run as a whole. */
void socketeer_run_log_add_text (SocketeerRunLog *self, SktRunLineKind kind, const char *text, const char *peer);
gboolean socketeer_run_log_is_empty (SocketeerRunLog *self);
/* All of it. (transfer full) */
char *socketeer_run_log_dup_text (SocketeerRunLog *self);

G_END_DECLS
