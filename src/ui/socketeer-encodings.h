/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Offers all encodings: position = SktEncoding. */
void socketeer_encodings_fill (GtkDropDown *drop_down);

G_END_DECLS
