/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The few things that have no form common to GTK 4.8 and later versions. */

/* The widget's text colour. */
static inline void
socketeer_compat_get_color (GtkWidget *widget, GdkRGBA *ret_color)
{
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), ret_color);
}

/* A colour that the theme has a name for; FALSE and left alone if it has none. */
static inline gboolean
socketeer_compat_lookup_color (GtkWidget *widget, const char *name, GdkRGBA *ret_color)
{
  return gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, ret_color);
}

G_END_DECLS
