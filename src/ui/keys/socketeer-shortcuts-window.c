/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-shortcuts.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "socketeer-preset-keys.h"
#include "socketeer-stores.h"

/* The overlay. GtkShortcutsWindow would need 1200 pixels for the longer lines and does not scroll; so it is a list, as later versions of
 * libadwaita have it. */

typedef struct
{
  GtkWidget *page;
  GPtrArray *groups; /* AdwPreferencesGroup, borrowed */
  GPtrArray *rows;   /* AdwActionRow, borrowed; each has its group as "group" */
} Overlay;

static void
overlay_free (gpointer data)
{
  Overlay *self = data;

  g_ptr_array_unref (self->groups);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static void
add_row (Overlay *self, AdwPreferencesGroup *group, const char *title, const char *keys)
{
  GtkWidget *row = adw_action_row_new (), *label = gtk_shortcut_label_new (keys);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  adw_preferences_group_add (group, row);
  g_object_set_data (G_OBJECT (row), "group", group);
  g_ptr_array_add (self->rows, row);
}

static AdwPreferencesGroup *
add_group (Overlay *self, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), escaped);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (self->page), ADW_PREFERENCES_GROUP (group));
  g_ptr_array_add (self->groups, group);
  return ADW_PREFERENCES_GROUP (group);
}

/* An entry's keys, unless the line has them already: the same key in several lists. */
static void
add_keys (GString *keys, const char *more)
{
  g_auto (GStrv) words = g_strsplit (more, " ", -1);
  g_auto (GStrv) there = g_strsplit (keys->str, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) there, words[i]))
      g_string_append_printf (keys, "%s%s", keys->len > 0 ? " " : "", words[i]);
}

static void
fill_group (Overlay *self, SocketeerShortcutGroup which)
{
  AdwPreferencesGroup *group = add_group (self, socketeer_shortcuts_get_group_title (which));
  guint n, next;
  const SocketeerShortcut *shortcuts = socketeer_shortcuts_list (&n);

  for (guint i = 0; i < n; i = next)
    {
      g_autoptr (GString) keys = g_string_new (NULL);

      next = i + 1;
      if (shortcuts[i].group != which)
        continue;
      add_keys (keys, shortcuts[i].keys);
      for (; next < n && shortcuts[next].title == NULL; next++)
        add_keys (keys, shortcuts[next].keys);
      add_row (self, group, _ (shortcuts[i].title), keys->str);
    }
}

static void
fill_presets (Overlay *self)
{
  SktPresetStore *store = socketeer_stores_get_presets ();
  AdwPreferencesGroup *group = NULL;

  for (SktPresetKey key = SKT_PRESET_KEY_F1; key < SKT_N_PRESET_KEYS; key++)
    {
      SktPreset *preset = skt_preset_store_find_key (store, key);
      g_autofree char *accelerator = socketeer_preset_key_dup_accelerator (key);

      if (preset == NULL)
        continue;
      if (group == NULL)
        /* Translators: a group of keyboard shortcuts: each sends a preset */
        group = add_group (self, _ ("Presets"));
      add_row (self, group, skt_preset_get_name (preset), accelerator);
    }
}

/* -- Searching ----------------------------------------------------------------------------------------------------- */

static gboolean
matches (GtkWidget *row, const char *wanted)
{
  g_autofree char *title = g_utf8_casefold (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);

  return strstr (title, wanted) != NULL;
}

static void
search_changed_cb (GtkSearchEntry *entry, gpointer user_data)
{
  Overlay *self = user_data;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (entry)), -1);

  for (guint i = 0; i < self->groups->len; i++)
    gtk_widget_set_visible (self->groups->pdata[i], FALSE);
  for (guint i = 0; i < self->rows->len; i++)
    {
      gboolean found = matches (self->rows->pdata[i], wanted);

      gtk_widget_set_visible (self->rows->pdata[i], found);
      if (found)
        gtk_widget_set_visible (g_object_get_data (self->rows->pdata[i], "group"), TRUE);
    }
}

/* Escape empties the entry, or closes the window if it is empty. */
static void
stop_search_cb (GtkSearchEntry *entry, gpointer user_data)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (entry), "");
  else
    gtk_window_close (user_data);
}

static void
add_escape (GtkWidget *window)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, controller);
}

GtkWindow *
socketeer_shortcuts_create_window (GtkWindow *parent)
{
  Overlay *self = g_new0 (Overlay, 1);
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "title", _ ("Keyboard Shortcuts"), "modal", TRUE, "destroy-with-parent", TRUE,
                                    "transient-for", parent, "default-width", 620, "default-height", 540, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *bar = adw_header_bar_new (), *entry = gtk_search_entry_new ();

  self->page = adw_preferences_page_new ();
  self->groups = g_ptr_array_new ();
  self->rows = g_ptr_array_new ();
  g_object_set_data_full (G_OBJECT (window), "overlay", self, overlay_free);
  for (SocketeerShortcutGroup group = 0; group < SOCKETEER_N_SHORTCUT_GROUPS; group++)
    {
      fill_group (self, group);
      if (group == SOCKETEER_SHORTCUTS_MESSAGE)
        fill_presets (self);
    }
  g_object_set (entry, "placeholder-text", _ ("Search shortcuts"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search shortcuts"), -1);
  gtk_widget_set_size_request (entry, 260, -1);
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (entry), window);
  g_signal_connect (entry, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect (entry, "stop-search", G_CALLBACK (stop_search_cb), window);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), entry);
  gtk_widget_set_vexpand (self->page, TRUE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), self->page);
  adw_window_set_content (ADW_WINDOW (window), box);
  add_escape (window);
  return GTK_WINDOW (window);
}
