/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-sequence-store.h"
#include "socketeer-page.h"

G_BEGIN_DECLS

/* The tab "sequences" of the sending tools: makes sequences and runs them on whom the page sends to.
 * Properties: is-running (boolean): at least one run is going on. */
#define SOCKETEER_TYPE_SEQUENCES (socketeer_sequences_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerSequences, socketeer_sequences, SOCKETEER, SEQUENCES, GtkWidget)

/* page: borrowed, contains it. Once. */
void socketeer_sequences_set_page (SocketeerSequences *self, SocketeerPage *page);
/* The page is being closed: what runs is stopped, and has ended when this returns. */
void socketeer_sequences_close (SocketeerSequences *self);
/* For who wants to show it: how many runs are going on. */
guint socketeer_sequences_get_n_running (SocketeerSequences *self);

G_END_DECLS
