/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-pane-switch.h"

#include "socketeer-settings.h"

static void
toggled_cb (GtkToggleButton *button, AdwFlap *flap)
{
  gboolean active = gtk_toggle_button_get_active (button);
  GtkWidget *pane = adw_flap_get_flap (flap);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (flap));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (!active && focus != NULL && gtk_widget_is_ancestor (focus, pane))
    gtk_widget_grab_focus (GTK_WIDGET (button));
  if (active)
    gtk_widget_set_visible (pane, TRUE);
  adw_flap_set_reveal_flap (flap, active);
}

static void
flap_moved_cb (AdwFlap *flap)
{
  if (adw_flap_get_reveal_progress (flap) <= 0 && !adw_flap_get_reveal_flap (flap))
    gtk_widget_set_visible (adw_flap_get_flap (flap), FALSE);
}

static void
close_cb (GtkToggleButton *button)
{
  gtk_toggle_button_set_active (button, FALSE);
}

void
socketeer_pane_switch_bind (GtkToggleButton *button, AdwFlap *flap, GtkWidget *pane, const char *key)
{
  g_return_if_fail (adw_flap_get_flap (flap) == pane);

  g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), flap, 0);
  g_signal_connect (flap, "notify::reveal-progress", G_CALLBACK (flap_moved_cb), NULL);
  g_signal_connect_object (pane, "close", G_CALLBACK (close_cb), button, G_CONNECT_SWAPPED);
  g_settings_bind (socketeer_settings_get (), key, button, "active", G_SETTINGS_BIND_DEFAULT);
}
