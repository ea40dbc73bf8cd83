/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-page.h"

G_BEGIN_DECLS

/* What sends by itself or is sent often: tabs beside the page. Signal: close, the user wants it hidden. */
#define SOCKETEER_TYPE_TOOL_PANE (socketeer_tool_pane_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerToolPane, socketeer_tool_pane, SOCKETEER, TOOL_PANE, GtkWidget)

/* Makes the tools of a page that has a session (borrowed: it contains the pane). Once. */
void socketeer_tool_pane_set_page (SocketeerToolPane *self, SocketeerPage *page);
/* The button that shows the pane: it gets a mark, and a name that tells it, while a sequence runs or answers are on. Once. */
void socketeer_tool_pane_set_button (SocketeerToolPane *self, GtkToggleButton *button);
/* The page is being closed: nothing is sent any more. */
void socketeer_tool_pane_close (SocketeerToolPane *self);
/* A sequence that runs is stopped. */
void socketeer_tool_pane_stop (SocketeerToolPane *self);
gboolean socketeer_tool_pane_is_empty (SocketeerToolPane *self);

G_END_DECLS
