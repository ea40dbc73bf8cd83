/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-message.h"

G_BEGIN_DECLS

/* A button with what is chosen for a message besides its form: escapes, placeholders, checksum. It says what is on.
 * Signals: changed; insert (string): this placeholder is wanted in the message. */
#define SOCKETEER_TYPE_MESSAGE_OPTIONS (socketeer_message_options_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerMessageOptions, socketeer_message_options, SOCKETEER, MESSAGE_OPTIONS, GtkWidget)

/* Fills in what belongs to it, and leaves the rest alone. */
void socketeer_message_options_get (SocketeerMessageOptions *self, SktMessageSettings *settings);
/* Without a signal. The form decides what can be chosen. */
void socketeer_message_options_set (SocketeerMessageOptions *self, const SktMessageSettings *settings);
void socketeer_message_options_set_form (SocketeerMessageOptions *self, SktMessageForm form);

/* From and to the program's settings. */
void socketeer_message_options_load (SocketeerMessageOptions *self);
void socketeer_message_options_save (SocketeerMessageOptions *self);

G_END_DECLS
