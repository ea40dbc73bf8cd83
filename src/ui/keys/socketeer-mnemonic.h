/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The label without its access key, as it is read out: "_Connect" is "Connect", "连接(_C)" is "连接". (transfer full) */
char *socketeer_mnemonic_dup_plain (const char *label);

/* A label with an access key, for a button whose label changes; its accessible name is without it. */
void socketeer_mnemonic_set_label (GtkButton *button, const char *label);

/* After the template was made: what has an accessible name of its own keeps it, which says more than the label whose key leads to it
 * ("Byte order of the checksum" beside "Byte order"). GTK 4.8 would say both. */
void socketeer_mnemonic_keep_names (GtkWidget *widget);

G_END_DECLS
