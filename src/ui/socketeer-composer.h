/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-encoding.h"
#include "skt-message.h"
#include "skt-tab.h"

G_BEGIN_DECLS

/* Where what is to be sent is typed: as text in an encoding with a line ending, as hex, or as Base64. What it counts is what is sent, and
 * what is shown below in another form, where it can be typed too.
 * Properties: can-send (boolean, rw): somebody is there to send to.
 * Signals: send (GBytes): the user wants this sent. Return TRUE if it was. */
#define SOCKETEER_TYPE_COMPOSER (socketeer_composer_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerComposer, socketeer_composer, SOCKETEER, COMPOSER, GtkWidget)

void socketeer_composer_set_can_send (SocketeerComposer *self, gboolean can_send);

/* The bytes of a text with the composer's encoding and line ending (transfer full); of hex. */
GBytes *socketeer_composer_encode_text (SocketeerComposer *self, const char *text, GError **error);

/* What is typed, with all that is chosen for it; NULL and an error if it can't be sent. (transfer full) */
SktMessage *socketeer_composer_dup_message (SocketeerComposer *self, GError **error);
/* In place of what is typed and chosen. */
void socketeer_composer_set_message (SocketeerComposer *self, SktMessage *message);

/* What is typed and chosen, as it is, to and from a tab that is kept. */
void socketeer_composer_get_tab (SocketeerComposer *self, SktTab *tab);
void socketeer_composer_set_tab (SocketeerComposer *self, const SktTab *tab);

/* Shows why sending failed, until the text changes. NULL: nothing. */
void socketeer_composer_set_problem (SocketeerComposer *self, const char *problem);
/* What is shown; "" if nothing is. Borrowed. */
const char *socketeer_composer_get_problem (SocketeerComposer *self);

void socketeer_composer_set_encoding (SocketeerComposer *self, SktEncoding encoding);
void socketeer_composer_focus (SocketeerComposer *self);
/* Where the message is typed. Borrowed. */
GtkWidget *socketeer_composer_get_text_view (SocketeerComposer *self);

/* Puts a button at the left of Send, after those that are there. */
void socketeer_composer_add_button (SocketeerComposer *self, GtkWidget *button);

G_END_DECLS
