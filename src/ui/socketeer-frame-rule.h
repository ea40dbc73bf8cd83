/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-frame.h"

G_BEGIN_DECLS

/* Where a rule for frames is put together. Says what is wrong with it where it is typed.
 * Signal: changed: there is another good rule. */
#define SOCKETEER_TYPE_FRAME_RULE (socketeer_frame_rule_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerFrameRule, socketeer_frame_rule, SOCKETEER, FRAME_RULE, GtkWidget)

/* Does not emit "changed". The rule must be good. */
void socketeer_frame_rule_set (SocketeerFrameRule *self, const SktFrameRule *rule);
/* The last good rule. Borrowed. */
const SktFrameRule *socketeer_frame_rule_get (SocketeerFrameRule *self);

/* The rule in a few words, for a button: “Lines, LF”, “16 bytes”. (transfer full) */
char *socketeer_frame_rule_to_words (const SktFrameRule *rule);

G_END_DECLS
