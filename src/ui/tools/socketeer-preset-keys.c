/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-preset-keys.h"

#include <glib/gi18n.h>

/* What the actions do whose accelerators a preset can take. */
static const struct
{
  const char *action, *use;
} uses[] = {
  /* Translators: what a key does: "F8 shows About the connection" */
  { "win.connection-pane", N_ ("shows About the connection") },
  { "win.tool-pane", N_ ("shows the sending tools") },
  { "win.inspector", N_ ("shows the inspector") },
  { "win.next-pane", N_ ("goes to the next pane") },
  { "win.find-next", N_ ("finds the next") },
  { "win.view::text", N_ ("shows text") },
  { "win.view::hex", N_ ("shows hex") },
  { "win.view::both", N_ ("shows text and hex") },
  { "win.mode::reads", N_ ("shows reads") },
  { "win.mode::stream", N_ ("shows the stream") },
  { "win.mode::frames", N_ ("shows frames") },
};

SktPresetKey
socketeer_preset_key_from_event (guint keyval, GdkModifierType state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  if (modifiers == 0 && keyval >= GDK_KEY_F1 && keyval <= GDK_KEY_F12)
    return SKT_PRESET_KEY_F1 + (keyval - GDK_KEY_F1);
  if (modifiers != GDK_CONTROL_MASK)
    return SKT_PRESET_KEY_NONE;
  if (keyval >= GDK_KEY_1 && keyval <= GDK_KEY_9)
    return SKT_PRESET_KEY_CTRL_1 + (keyval - GDK_KEY_1);
  if (keyval >= GDK_KEY_KP_1 && keyval <= GDK_KEY_KP_9)
    return SKT_PRESET_KEY_CTRL_1 + (keyval - GDK_KEY_KP_1);
  return SKT_PRESET_KEY_NONE;
}

char *
socketeer_preset_key_dup_accelerator (SktPresetKey key)
{
  if (key == SKT_PRESET_KEY_NONE)
    return NULL;
  if (key < SKT_PRESET_KEY_CTRL_1)
    return g_strdup (skt_preset_key_get_id (key));
  return g_strdup_printf ("<Control>%u", key - SKT_PRESET_KEY_CTRL_1 + 1);
}

char *
socketeer_preset_key_dup_use (SktPresetKey key)
{
  GApplication *application = g_application_get_default ();
  g_autofree char *accelerator = NULL;
  g_auto (GStrv) actions = NULL;

  if (key == SKT_PRESET_KEY_NONE)
    return NULL;
  if (key == SKT_PRESET_KEY_F1 + 9)
    return g_strdup (_ ("opens the main menu"));
  if (!GTK_IS_APPLICATION (application))
    return NULL;
  accelerator = socketeer_preset_key_dup_accelerator (key);
  actions = gtk_application_get_actions_for_accel (GTK_APPLICATION (application), accelerator);
  for (guint i = 0; actions[0] != NULL && i < G_N_ELEMENTS (uses); i++)
    if (g_str_equal (uses[i].action, actions[0]))
      return g_strdup (_ (uses[i].use));
  return actions[0] != NULL ? g_strdup_printf (_ ("is the key of “%s”"), actions[0]) : NULL;
}
