/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"

#include <string.h>

#include "socketeer-answer-dialog.h"
#include "socketeer-application.h"
#include "socketeer-composer.h"
#include "socketeer-mnemonic.h"
#include "socketeer-page-panes.h"
#include "socketeer-preset-chooser.h"
#include "socketeer-save-dialog.h"
#include "socketeer-shortcuts.h"
#include "socketeer-start-page.h"
#include "socketeer-step-dialog.h"
#include "socketeer-transcript.h"
#include "socketeer-window.h"

/* Keys: what the overlay lists against what there is, from pane to pane, access keys, the order of Tab. All in a window of the program. */

typedef struct
{
  GtkApplication *application;
  SktEngine *engine;
  SocketeerWindow *window;
  SocketeerPage *client, *server;
} CheckKeys;

static void
set_up (CheckKeys *self, gconstpointer data)
{
  self->application = GTK_APPLICATION (g_application_get_default ());
  self->engine = skt_engine_new ();
  self->window = socketeer_window_new (self->application, self->engine);
  self->client = socketeer_window_add_page (self->window, SOCKETEER_PAGE_CLIENT);
  self->server = socketeer_window_add_page (self->window, SOCKETEER_PAGE_SERVER);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1500, 800);
  gtk_window_present (GTK_WINDOW (self->window));
  while (!gtk_widget_get_mapped (GTK_WIDGET (self->server)))
    g_main_context_iteration (NULL, TRUE);
  check_frames (GTK_WIDGET (self->window), 2);
}

static void
tear_down (CheckKeys *self, gconstpointer data)
{
  socketeer_window_close_pages (self->window);
  gtk_window_destroy (GTK_WINDOW (self->window));
  skt_engine_stop (self->engine);
  g_clear_object (&self->engine);
}

typedef void (*CheckFunc) (GtkWidget *widget, gpointer user_data);

static void
walk (GtkWidget *widget, CheckFunc func, gpointer user_data)
{
  func (widget, user_data);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    walk (child, func, user_data);
}

/* -- The overlay against what there is --------------------------------------------------------------------------- */

#define CLASS_SHORTCUTS "gtk-widget-class-shortcuts"

static void
add_trigger (GHashTable *found, GtkShortcutTrigger *trigger, GtkWidget *widget)
{
  g_autofree char *text = NULL;

  if (GTK_IS_ALTERNATIVE_TRIGGER (trigger))
    {
      add_trigger (found, gtk_alternative_trigger_get_first (GTK_ALTERNATIVE_TRIGGER (trigger)), widget);
      add_trigger (found, gtk_alternative_trigger_get_second (GTK_ALTERNATIVE_TRIGGER (trigger)), widget);
    }
  else if (GTK_IS_KEYVAL_TRIGGER (trigger))
    {
      text = gtk_accelerator_name (gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)),
                                   gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)));
      g_hash_table_insert (found, g_steal_pointer (&text), (gpointer) G_OBJECT_TYPE_NAME (widget));
    }
}

static void
add_controller (GHashTable *found, GListModel *controller, GtkWidget *widget)
{
  for (guint i = 0; i < g_list_model_get_n_items (controller); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (controller, i);

      add_trigger (found, gtk_shortcut_get_trigger (shortcut), widget);
    }
}

static gboolean
is_ours (GtkWidget *widget)
{
  return g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "Socketeer");
}

/* Bindings of our classes, and what was added to a widget; not what a widget of the toolkit is made with. */
typedef struct
{
  GHashTable *ours, *toolkit; /* trigger → type that has it */
} Found;

static void
collect_cb (GtkWidget *widget, gpointer user_data)
{
  Found *found = user_data;
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      const char *name = gtk_event_controller_get_name (controller);
      gboolean is_class = g_strcmp0 (name, CLASS_SHORTCUTS) == 0;
      gboolean is_window = GTK_IS_WINDOW (widget);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      if (is_window || (is_class && !is_ours (widget)) || (!is_class && (name != NULL || ADW_IS_TAB_VIEW (widget))))
        add_controller (found->toolkit, G_LIST_MODEL (controller), widget);
      else
        add_controller (found->ours, G_LIST_MODEL (controller), widget);
    }
}

static void
collect_accelerators (GHashTable *found, GtkApplication *application)
{
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (application);

  for (guint i = 0; actions[i] != NULL; i++)
    {
      g_auto (GStrv) keys = gtk_application_get_accels_for_action (application, actions[i]);

      for (guint j = 0; keys[j] != NULL; j++)
        g_hash_table_insert (found, g_strdup (keys[j]), (gpointer) "accelerator");
    }
}

/* The same key as GTK names it. */
static char *
dup_name (const char *trigger)
{
  GdkModifierType modifiers;
  guint keyval;

  g_assert_true (gtk_accelerator_parse (trigger, &keyval, &modifiers));
  return gtk_accelerator_name (keyval, modifiers);
}

static void
add_keys_of_overlay (GtkWidget *widget, gpointer user_data)
{
  GHashTable *listed = user_data;
  GtkWidget *row;

  if (!GTK_IS_SHORTCUT_LABEL (widget))
    return;
  row = gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_ROW);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), !=, "");
  g_hash_table_add (listed, g_strdup (gtk_shortcut_label_get_accelerator (GTK_SHORTCUT_LABEL (widget))));
}

static gboolean
is_listed (GHashTable *lines, const char *keys)
{
  g_auto (GStrv) words = g_strsplit (keys, " ", -1);
  GHashTableIter iter;
  gpointer line;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean found = FALSE;

      g_hash_table_iter_init (&iter, lines);
      while (!found && g_hash_table_iter_next (&iter, &line, NULL))
        {
          g_auto (GStrv) there = g_strsplit (line, " ", -1);
          found = g_strv_contains ((const char *const *) there, words[i]);
        }
      if (!found)
        return FALSE;
    }
  return TRUE;
}

static void
test_overlay (CheckKeys *self, gconstpointer data)
{
  g_autoptr (GHashTable) ours = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) toolkit = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkWindow *overlay = socketeer_shortcuts_create_window (GTK_WINDOW (self->window));
  guint n, n_lost = 0;
  const SocketeerShortcut *shortcuts = socketeer_shortcuts_list (&n);
  GHashTableIter iter;
  gpointer trigger, where;

  walk (GTK_WIDGET (self->window), collect_cb, &(Found){ ours, toolkit });
  collect_accelerators (ours, self->application);
  gtk_window_present (overlay);
  walk (GTK_WIDGET (overlay), add_keys_of_overlay, lines);
  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) triggers = socketeer_shortcut_dup_triggers (&shortcuts[i]);
      gboolean is_toolkit = g_str_equal (shortcuts[i].place, SOCKETEER_SHORTCUT_TOOLKIT);

      if (!is_listed (lines, shortcuts[i].keys))
        {
          g_test_message ("the overlay lacks %s", shortcuts[i].keys);
          n_lost++;
        }
      for (guint j = 0; triggers[j] != NULL; j++)
        {
          char *name = dup_name (triggers[j]);

          g_hash_table_add (all, name);
          if (!g_hash_table_contains (is_toolkit ? toolkit : ours, name))
            {
              g_test_message ("nothing has %s of “%s” (%s)", name, shortcuts[i].title, shortcuts[i].place);
              n_lost++;
            }
        }
    }
  g_hash_table_iter_init (&iter, ours);
  while (g_hash_table_iter_next (&iter, &trigger, &where))
    if (!g_hash_table_contains (all, trigger))
      {
        g_test_message ("the table lacks %s of %s", (char *) trigger, (char *) where);
        n_lost++;
      }
  g_assert_cmpuint (n_lost, ==, 0);
  gtk_window_destroy (overlay);
}

/* What an accelerator of the window takes never comes to a list. */
static void
test_no_key_twice (void)
{
  guint n;
  const SocketeerShortcut *shortcuts = socketeer_shortcuts_list (&n);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < n; i++)
      {
        gboolean is_accelerator = g_str_equal (shortcuts[i].place, SOCKETEER_SHORTCUT_APPLICATION);
        g_auto (GStrv) triggers = socketeer_shortcut_dup_triggers (&shortcuts[i]);

        for (guint j = 0; triggers[j] != NULL && is_accelerator == (pass == 0); j++)
          {
            g_autofree char *name = dup_name (triggers[j]);

            if (g_hash_table_contains (taken, name))
              g_error ("%s is an accelerator, and more", name);
            if (is_accelerator)
              g_hash_table_add (taken, g_steal_pointer (&name));
          }
      }
}

/* -- From pane to pane --------------------------------------------------------------------------------------------- */

static GtkWidget *
get_focus (CheckKeys *self)
{
  return gtk_window_get_focus (GTK_WINDOW (self->window));
}

/* Goes round once, and says where the keyboard was. */
static char *
go_round (CheckKeys *self, SocketeerPage *page, const char *action, guint n_steps)
{
  g_autoptr (GArray) panes = g_array_new (FALSE, FALSE, sizeof (SocketeerPane));
  GString *names = g_string_new (NULL);

  socketeer_page_add_panes (page, panes);
  for (guint i = 0; i < n_steps; i++)
    {
      const char *name = "?";

      g_action_group_activate_action (G_ACTION_GROUP (self->window), action, NULL);
      for (guint j = 0; j < panes->len; j++)
        {
          GtkWidget *pane = g_array_index (panes, SocketeerPane, j).widget;

          /* The innermost comes last. */
          if (gtk_widget_is_ancestor (get_focus (self), pane))
            name = is_ours (pane) ? G_OBJECT_TYPE_NAME (pane) + strlen ("Socketeer") : gtk_buildable_get_buildable_id (GTK_BUILDABLE (pane));
        }
      if (gtk_widget_get_ancestor (get_focus (self), ADW_TYPE_TAB_BAR) != NULL)
        name = "tabs";
      g_string_append_printf (names, "%s%s", i > 0 ? " " : "", name);
    }
  return g_string_free (names, FALSE);
}

static void
assert_round (CheckKeys *self, SocketeerPage *page, const char *action, const char *expected)
{
  g_auto (GStrv) words = g_strsplit (expected, " ", -1);
  g_autofree char *found = go_round (self, page, action, g_strv_length (words));

  g_assert_cmpstr (found, ==, expected);
}

static void
set_shown (CheckKeys *self, const char *pane, gboolean is_shown)
{
  g_action_group_change_action_state (G_ACTION_GROUP (self->window), pane, g_variant_new_boolean (is_shown));
  check_frames (GTK_WIDGET (self->window), 30);
}

static void
test_panes (CheckKeys *self, gconstpointer data)
{
  AdwTabView *tabs;
  GtkWidget *bar = check_child (self->window, SOCKETEER_TYPE_WINDOW, "tab_bar");

  socketeer_page_focus (self->server);
  assert_round (self, self->server, "next-pane", "ConnectionList Transcript composer_box tabs bar_box");
  assert_round (self, self->server, "previous-pane", "tabs composer_box Transcript ConnectionList bar_box");
  /* With both there would be no room for the composer. */
  set_shown (self, "inspector", TRUE);
  assert_round (self, self->server, "next-pane", "ConnectionList Transcript Inspector composer_box tabs bar_box");
  set_shown (self, "inspector", FALSE);
  set_shown (self, "connection-pane", TRUE);
  set_shown (self, "tool-pane", TRUE);
  assert_round (self, self->server, "next-pane", "ConnectionList Transcript composer_box ToolPane ConnectionPane tabs bar_box");
  tabs = adw_tab_bar_get_view (ADW_TAB_BAR (bar));
  adw_tab_view_select_previous_page (tabs);
  check_frames (GTK_WIDGET (self->window), 30);
  socketeer_page_focus (self->client);
  assert_round (self, self->client, "next-pane", "Transcript composer_box ToolPane ConnectionPane tabs bar_box");
  assert_round (self, self->client, "previous-pane", "tabs ConnectionPane ToolPane composer_box Transcript bar_box");
  set_shown (self, "connection-pane", FALSE);
  set_shown (self, "tool-pane", FALSE);
}

/* A tab that is shown again has the keyboard where it was; without any it is on the start page. */
static void
test_focus_of_tabs (CheckKeys *self, gconstpointer data)
{
  AdwTabView *tabs = check_child (self->window, SOCKETEER_TYPE_WINDOW, "tab_view");
  GtkWidget *start = check_child (self->window, SOCKETEER_TYPE_WINDOW, "start_page"), *focus;

  socketeer_page_focus (self->server);
  focus = get_focus (self);
  adw_tab_view_select_previous_page (tabs);
  g_assert_true (gtk_widget_is_ancestor (get_focus (self), GTK_WIDGET (self->client)));
  adw_tab_view_select_next_page (tabs);
  g_assert_true (get_focus (self) == focus);
  g_action_group_activate_action (G_ACTION_GROUP (self->window), "close-tab", NULL);
  g_assert_true (gtk_widget_is_ancestor (get_focus (self), GTK_WIDGET (self->client)));
  g_action_group_activate_action (G_ACTION_GROUP (self->window), "close-tab", NULL);
  check_frames (GTK_WIDGET (self->window), 2);
  g_assert_true (get_focus (self) == socketeer_start_page_get_first (SOCKETEER_START_PAGE (start)));
  g_action_group_activate_action (G_ACTION_GROUP (self->window), "next-pane", NULL);
  g_assert_true (gtk_widget_is_ancestor (get_focus (self), start));
}

/* -- Tab ----------------------------------------------------------------------------------------------------------- */

typedef struct
{
  GHashTable *visited; /* widget */
  guint n_missed;
} Reached;

/* What can have the keyboard itself, is seen and is not within what was reached (an entry's text, rows of a list). */
static void
missed_cb (GtkWidget *widget, gpointer user_data)
{
  Reached *self = user_data;
  GHashTableIter iter;
  gpointer key;
  gboolean is_control = GTK_IS_BUTTON (widget) || GTK_IS_EDITABLE (widget) || GTK_IS_DROP_DOWN (widget) || GTK_IS_SWITCH (widget) ||
                        GTK_IS_MENU_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) || GTK_IS_TEXT_VIEW (widget) ||
                        GTK_IS_LIST_VIEW (widget) || GTK_IS_LIST_BOX (widget) || SOCKETEER_IS_BYTE_VIEW (widget);

  if (!is_control || !gtk_widget_get_mapped (widget) || !gtk_widget_is_sensitive (widget) || !gtk_widget_get_can_focus (widget) ||
      gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER) != NULL || gtk_widget_get_width (widget) <= 0)
    return;
  if ((GTK_IS_BUTTON (widget) || GTK_IS_EDITABLE (widget)) && !gtk_widget_get_focusable (widget) && !GTK_IS_ENTRY (widget))
    return;
  if (GTK_IS_LIST_VIEW (widget) || GTK_IS_LIST_BOX (widget))
    return; /* an empty one has nothing to go to */
  g_hash_table_iter_init (&iter, self->visited);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (key == widget || gtk_widget_is_ancestor (key, widget))
      return;
  /* Of a group of radio buttons one is reached, the others by the arrow keys; what is inside another control is a part of it. */
  if (GTK_IS_TOGGLE_BUTTON (widget) || gtk_widget_get_ancestor (gtk_widget_get_parent (widget), GTK_TYPE_MENU_BUTTON) != NULL ||
      gtk_widget_get_ancestor (gtk_widget_get_parent (widget), GTK_TYPE_DROP_DOWN) != NULL)
    return;
  g_test_message ("not reached: %s %s in %s", G_OBJECT_TYPE_NAME (widget), gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)),
                  G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)));
  self->n_missed++;
}

/* Goes on with Tab until it comes back to where it was: everything within `within` is met, and it is left again. */
static void
assert_tab_reaches_all (CheckKeys *self, GtkWidget *within, GtkDirectionType direction)
{
  g_autoptr (GHashTable) visited = g_hash_table_new (NULL, NULL);
  Reached reached = { visited, 0 };

  for (guint i = 0; i < 400; i++)
    {
      gtk_widget_child_focus (GTK_WIDGET (self->window), direction);
      if (!g_hash_table_add (visited, get_focus (self)) && i > 3 && g_hash_table_size (visited) + 3 < i)
        break;
    }
  walk (within, missed_cb, &reached);
  g_assert_cmpuint (reached.n_missed, ==, 0);
  g_assert_cmpuint (g_hash_table_size (visited), >, 10);
  g_assert_cmpuint (g_hash_table_size (visited), <, 300);
}

static void
test_tab (CheckKeys *self, gconstpointer data)
{
  static const char *const states[] = { "inspector", "connection-pane", "tool-pane" };
  AdwTabView *tabs = check_child (self->window, SOCKETEER_TYPE_WINDOW, "tab_view");

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (states); i++)
        g_action_group_change_action_state (G_ACTION_GROUP (self->window), states[i], g_variant_new_boolean (pass == 1));
      check_frames (GTK_WIDGET (self->window), 30);
      assert_tab_reaches_all (self, GTK_WIDGET (self->window), GTK_DIR_TAB_FORWARD);
      assert_tab_reaches_all (self, GTK_WIDGET (self->window), GTK_DIR_TAB_BACKWARD);
      adw_tab_view_select_previous_page (tabs);
    }
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_action_group_change_action_state (G_ACTION_GROUP (self->window), states[i], g_variant_new_boolean (FALSE));
}

/* -- Access keys --------------------------------------------------------------------------------------------------- */

typedef struct
{
  GHashTable *taken; /* key → text of the label */
  GtkWidget *root;
  guint n, n_twice;
} AccessKeys;

/* Labels that are in the same window or popover; of a stack what is shown. */
static void
access_key_cb (GtkWidget *widget, gpointer user_data)
{
  AccessKeys *self = user_data;
  guint keyval;
  const char *other;

  if (!GTK_IS_LABEL (widget) || GTK_WIDGET (gtk_widget_get_native (widget)) != self->root)
    return;
  for (GtkWidget *w = widget; w != self->root; w = gtk_widget_get_parent (w))
    if (!gtk_widget_get_visible (w) || !gtk_widget_get_child_visible (w))
      return;
  keyval = gtk_label_get_mnemonic_keyval (GTK_LABEL (widget));
  if (keyval == GDK_KEY_VoidSymbol)
    return;
  self->n++;
  other = g_hash_table_lookup (self->taken, GUINT_TO_POINTER (keyval));
  if (other != NULL)
    {
      g_test_message ("%s is the key of “%s” and of “%s”", gdk_keyval_name (keyval), other, gtk_label_get_text (GTK_LABEL (widget)));
      self->n_twice++;
    }
  g_hash_table_insert (self->taken, GUINT_TO_POINTER (keyval), (gpointer) gtk_label_get_text (GTK_LABEL (widget)));
}

static guint
count_access_keys (GtkWidget *root)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  AccessKeys keys = { taken, root, 0, 0 };

  walk (root, access_key_cb, &keys);
  g_assert_cmpuint (keys.n_twice, ==, 0);
  return keys.n;
}

/* What a label is for must be there: the key goes to it. */
static void
popover_keys_cb (GtkWidget *widget, gpointer user_data)
{
  guint *n = user_data;

  if (GTK_IS_POPOVER (widget) && !GTK_IS_POPOVER_MENU (widget))
    *n += count_access_keys (widget);
  if (GTK_IS_LABEL (widget) && gtk_label_get_mnemonic_keyval (GTK_LABEL (widget)) != GDK_KEY_VoidSymbol &&
      gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON) == NULL && gtk_widget_get_ancestor (widget, GTK_TYPE_CHECK_BUTTON) == NULL &&
      gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER_MENU) == NULL && gtk_widget_get_ancestor (widget, GTK_TYPE_MENU_BUTTON) == NULL)
    g_assert_nonnull (gtk_label_get_mnemonic_widget (GTK_LABEL (widget)));
}

static void
test_access_keys (CheckKeys *self, gconstpointer data)
{
  static const char *const states[] = { "inspector", "connection-pane", "tool-pane" };
  AdwTabView *tabs = check_child (self->window, SOCKETEER_TYPE_WINDOW, "tab_view");
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_action_group_change_action_state (G_ACTION_GROUP (self->window), states[i], g_variant_new_boolean (TRUE));
  check_frames (GTK_WIDGET (self->window), 30);
  g_assert_cmpuint (count_access_keys (GTK_WIDGET (self->window)), >, 4);
  adw_tab_view_select_previous_page (tabs);
  check_frames (GTK_WIDGET (self->window), 2);
  g_assert_cmpuint (count_access_keys (GTK_WIDGET (self->window)), >, 4);
  walk (GTK_WIDGET (self->window), popover_keys_cb, &n);
  g_assert_cmpuint (n, >, 20);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_action_group_change_action_state (G_ACTION_GROUP (self->window), states[i], g_variant_new_boolean (FALSE));
}

/* The dialogs are templates of their own. */
static void
test_access_keys_of_dialogs (void)
{
  const GType types[] = { SOCKETEER_TYPE_SAVE_DIALOG, SOCKETEER_TYPE_ANSWER_DIALOG, SOCKETEER_TYPE_STEP_DIALOG, SOCKETEER_TYPE_PRESET_CHOOSER };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *dialog = g_object_new (types[i], NULL);

      g_object_ref_sink (dialog);
      g_assert_cmpuint (count_access_keys (dialog), >, 0);
      gtk_window_destroy (GTK_WINDOW (dialog));
      g_object_unref (dialog);
    }
}

static void
test_plain (void)
{
  static const char *const cases[][2] = {
    { "_Connect", "Connect" }, { "Dis_connect", "Disconnect" }, { "连接(_C)", "连接" }, { "保存(_S)…", "保存…" }, { "TCP__NODELAY", "TCP_NODELAY" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain = socketeer_mnemonic_dup_plain (cases[i][0]);

      g_assert_cmpstr (plain, ==, cases[i][1]);
    }
}

/* -- Menus --------------------------------------------------------------------------------------------------------- */

static void
check_menu (GMenuModel *menu, GHashTable *taken, guint *n)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autoptr (GMenuModel) submenu = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SUBMENU);
      g_autoptr (GHashTable) below = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_autofree char *label = NULL;
      const char *key;

      if (section != NULL)
        check_menu (section, taken, n);
      if (submenu != NULL)
        check_menu (submenu, below, n);
      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label);
      key = label != NULL && section == NULL ? strchr (label, '_') : NULL;
      if (key == NULL)
        continue;
      (*n)++;
      if (!g_hash_table_add (taken, g_utf8_strdown (key + 1, 1)))
        g_error ("the key of “%s” is in the menu twice", label);
    }
}

static void
menu_cb (GtkWidget *widget, gpointer user_data)
{
  GMenuModel *menu = GTK_IS_MENU_BUTTON (widget) ? gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (widget)) : NULL;
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (SOCKETEER_IS_TRANSCRIPT (widget))
    menu = check_child (widget, SOCKETEER_TYPE_TRANSCRIPT, "context_menu");
  if (ADW_IS_TAB_VIEW (widget))
    menu = adw_tab_view_get_menu_model (ADW_TAB_VIEW (widget));
  if (menu != NULL)
    check_menu (menu, taken, user_data);
}

static void
test_menus (CheckKeys *self, gconstpointer data)
{
  guint n = 0;

  walk (GTK_WIDGET (self->window), menu_cb, &n);
  g_assert_cmpuint (n, >, 40);
}

#define add(path, func) g_test_add ("/ui/keys/" path, CheckKeys, NULL, set_up, func, tear_down)

/* A GApplication ends well only if it runs. */
/* Where there is no assistive technology to be told names, there is nothing to complain about. */
static void
test_without_names (void)
{
  if (g_test_subprocess ())
    {
      g_object_unref (g_object_ref_sink (g_object_new (SOCKETEER_TYPE_START_PAGE, NULL)));
      g_object_unref (g_object_ref_sink (g_object_new (SOCKETEER_TYPE_COMPOSER, NULL)));
      return;
    }
  g_setenv ("GTK_A11Y", "none", TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_test_trap_assert_passed ();
}

static void
activate_cb (GApplication *application, gpointer user_data)
{
  int *status = user_data;

  g_signal_stop_emission_by_name (application, "activate");
  *status = g_test_run ();
}

int
main (int argc, char **argv)
{
  g_autoptr (GApplication) application = NULL;
  int status = 1;

  check_ui_init (&argc, &argv);
  add ("overlay", test_overlay);
  add ("panes", test_panes);
  add ("focus-of-tabs", test_focus_of_tabs);
  add ("tab", test_tab);
  add ("access-keys", test_access_keys);
  add ("menus", test_menus);
  g_test_add_func ("/ui/keys/access-keys-of-dialogs", test_access_keys_of_dialogs);
  g_test_add_func ("/ui/keys/plain", test_plain);
  g_test_add_func ("/ui/keys/no-key-twice", test_no_key_twice);
  g_test_add_func ("/ui/keys/without-names", test_without_names);
  /* Not socketeer_application_new(): the resource is there already. */
  application = g_object_new (SOCKETEER_TYPE_APPLICATION, "application-id", APP_ID, "resource-base-path", APP_PATH, "flags",
                              G_APPLICATION_NON_UNIQUE, NULL);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &status);
  g_application_run (application, 0, NULL);
  return status;
}
