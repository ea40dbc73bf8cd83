/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-composer.h"

G_BEGIN_DECLS

/* What was sent from composers: a button with a searchable list, and the keys Up and Down in the first and the last line of the message. */
#define SOCKETEER_TYPE_COMPOSER_HISTORY (socketeer_composer_history_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerComposerHistory, socketeer_composer_history, SOCKETEER, COMPOSER_HISTORY, GtkWidget)

/* `composer`: borrowed, contains it; `view`: in which is typed. Once. */
void socketeer_composer_history_set_composer (SocketeerComposerHistory *self, SocketeerComposer *composer, GtkTextView *view);
/* What is in the composer now was sent. */
void socketeer_composer_history_sent (SocketeerComposerHistory *self);

G_END_DECLS
