/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-composer.h"
#include "socketeer-page.h"

#include "skt-recipients.h"

G_BEGIN_DECLS

/* A row below the composer: repeating, in which shape, and to whom is sent. Whether it is shown is a setting; what runs can be stopped at the
 * composer while it is not. Signals: recipients-changed; problem (string): something can't be begun. */
#define SOCKETEER_TYPE_SEND_OPTIONS (socketeer_send_options_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerSendOptions, socketeer_send_options, SOCKETEER, SEND_OPTIONS, GtkWidget)

/* A page with a session (borrowed: it contains this), and where Send is. Once. */
void socketeer_send_options_set_page (SocketeerSendOptions *self, SocketeerPage *page, SocketeerComposer *composer);
/* The page is being closed: nothing is sent any more. */
void socketeer_send_options_close (SocketeerSendOptions *self);

/* What repeats, or is sent in pieces, is stopped. */
void socketeer_send_options_stop (SocketeerSendOptions *self);

SktRecipientsKind socketeer_send_options_get_recipients (SocketeerSendOptions *self);
/* In the chosen shape to whom is chosen. Errors: of skt_send_to(). */
gboolean socketeer_send_options_send (SocketeerSendOptions *self, GBytes *bytes, GError **error);

G_END_DECLS
