/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the transcript shows the character as a token (<U+202E>), because it would leave no trace on the screen or
 * change what is around it. */
gboolean _skt_character_is_invisible (gunichar c);

G_END_DECLS
