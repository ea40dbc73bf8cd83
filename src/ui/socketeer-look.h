/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-byte-view.h"

G_BEGIN_DECLS

/* Font, colours of directions and columns of the transcript, as the settings want them. */

/* From now on the widgets of the display have the chosen font and colours, and follow when the settings change. Once is enough. */
void socketeer_look_start (GdkDisplay *display);

/* The view has the columns and colours of the settings, and follows. */
void socketeer_look_attach (SocketeerByteView *view);

/* The parts of the setting “font”: *ret_family is NULL for the system's monospace, *ret_size (points) 0 for the system's size. */
void socketeer_look_parse_font (const char *text, char **ret_family, double *ret_size);
/* The other way round. (transfer full) */
char *socketeer_look_dup_font (const char *family, double size);

/* The backgrounds that what is chosen must be readable on. */
extern const GdkRGBA socketeer_look_backgrounds[2]; /* light, dark */

G_END_DECLS
