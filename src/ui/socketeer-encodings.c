/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-encodings.h"

#include "skt-encoding.h"

void
socketeer_encodings_fill (GtkDropDown *drop_down)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < SKT_N_ENCODINGS; i++)
    gtk_string_list_append (names, skt_encoding_get_name (i));
  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (names));
}
