/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-preset-keys.h"
#include "socketeer-preset-row.h"
#include "socketeer-presets-private.h"

#include <glib/gstdio.h>

typedef struct
{
  SktEngine *engine;
  SocketeerPage *page;
  SktPresetStore *store;
  GtkWidget *presets, *window;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->engine = skt_engine_new ();
  self->page = socketeer_page_new (self->engine, SOCKETEER_PAGE_CLIENT, &error);
  g_assert_no_error (error);
  g_object_ref_sink (self->page);
  self->store = skt_preset_store_new (NULL);
  self->presets = socketeer_presets_new (self->store, self->page);
  self->window = check_window_new (self->presets);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  socketeer_presets_close (SOCKETEER_PRESETS (self->presets));
  check_window_destroy (self->window);
  socketeer_page_close (self->page);
  g_object_unref (self->page);
  g_assert_finalize_object (self->store);
  skt_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->engine);
}

static GtkListBox *
get_list (Fixture *self)
{
  return check_child (self->presets, SOCKETEER_TYPE_PRESETS, "list_box");
}

static const char *
get_shown (Fixture *self)
{
  return gtk_stack_get_visible_child_name (check_child (self->presets, SOCKETEER_TYPE_PRESETS, "stack"));
}

static const char *
get_problem (Fixture *self)
{
  return gtk_label_get_label (check_child (self->presets, SOCKETEER_TYPE_PRESETS, "problem_label"));
}

static void
add (Fixture *self, const char *name, const char *group)
{
  g_autoptr (SktMessage) message = skt_message_new (&(SktMessageSettings){ .source = name }, NULL, NULL);
  g_autoptr (SktPreset) preset =
    skt_preset_new (&(SktPresetSettings){ .id = name, .name = name, .group = group, .message = message });

  skt_preset_store_insert (self->store, preset, G_MAXUINT);
}

/* Names of the rows that are seen; headings in brackets. */
static char *
dup_rows (Fixture *self)
{
  GString *text = g_string_new (NULL);
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (get_list (self), i)) != NULL; i++)
    {
      if (!gtk_widget_get_visible (GTK_WIDGET (row)))
        continue;
      if (SOCKETEER_IS_PRESET_ROW (row))
        g_string_append_printf (text, "%s ", skt_preset_get_name (socketeer_preset_row_get_preset (SOCKETEER_PRESET_ROW (row))));
      else
        g_string_append_printf (text, "[%s] ", (const char *) g_object_get_data (G_OBJECT (row), "group"));
    }
  return g_strchomp (g_string_free (text, FALSE));
}

static void
check_rows (Fixture *self, const char *expected)
{
  g_autofree char *rows = dup_rows (self);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_rows (Fixture *self, gconstpointer data)
{
  GtkListBoxRow *row;

  g_assert_cmpstr (get_shown (self), ==, "none");
  add (self, "a", "");
  add (self, "b", "");
  g_assert_cmpstr (get_shown (self), ==, "some");
  check_rows (self, "a b");
  row = gtk_list_box_get_row_at_index (get_list (self), 1);
  add (self, "c", "G");
  check_rows (self, "[] a b [G] c");
  /* Moved, it is the same row. */
  skt_preset_store_move (self->store, "b", "", "a");
  check_rows (self, "[] b a [G] c");
  g_assert_true (gtk_list_box_get_row_at_index (get_list (self), 1) == row);
  /* Folded. */
  g_signal_emit_by_name (get_list (self), "row-activated", gtk_list_box_get_row_at_index (get_list (self), 0));
  check_rows (self, "[] [G] c");
  skt_preset_store_remove (self->store, "c");
  check_rows (self, "b a"); /* without its heading nothing stays hidden */
  skt_preset_store_remove (self->store, "a");
  skt_preset_store_remove (self->store, "b");
  g_assert_cmpstr (get_shown (self), ==, "none");
}

static void
test_search (Fixture *self, gconstpointer data)
{
  GtkWidget *entry = check_child (self->presets, SOCKETEER_TYPE_PRESETS, "search_entry");

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("Name%u", i);
      g_assert_false (gtk_widget_get_visible (entry));
      add (self, name, i < 4 ? "" : "Other");
    }
  g_assert_true (gtk_widget_get_visible (entry));
  gtk_editable_set_text (GTK_EDITABLE (entry), "NAME3");
  check_wait (({ g_autofree char *rows = dup_rows (self); g_str_equal (rows, "Name3"); }));
  gtk_editable_set_text (GTK_EDITABLE (entry), "other");
  check_wait (({ g_autofree char *rows = dup_rows (self); g_str_equal (rows, "Name4 Name5 Name6 Name7"); }));
  gtk_editable_set_text (GTK_EDITABLE (entry), "none of them");
  check_wait (g_str_equal (get_shown (self), "nothing-found"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  check_wait (g_str_equal (get_shown (self), "some"));
}

/* What is being edited stays while others change. */
static void
test_edit (Fixture *self, gconstpointer data)
{
  SocketeerPresetRow *row;

  add (self, "a", "");
  gtk_widget_activate_action (self->presets, "presets.edit", "s", "a");
  row = SOCKETEER_PRESET_ROW (gtk_list_box_get_row_at_index (get_list (self), 0));
  g_assert_true (socketeer_preset_row_is_edited (row));
  add (self, "b", "");
  skt_preset_store_move (self->store, "a", "", NULL);
  check_rows (self, "b a");
  g_assert_true (socketeer_preset_row_is_edited (row));
  skt_preset_store_remove (self->store, "a");
  check_rows (self, "b");
}

static void
test_problem (Fixture *self, gconstpointer data)
{
  add (self, "a", "");
  gtk_widget_activate_action (self->presets, "presets.send", "s", "a");
  g_assert_true (g_str_has_prefix (get_problem (self), "“a” was not sent. "));
  gtk_widget_activate_action (self->presets, "presets.add", NULL);
  g_assert_true (g_str_has_prefix (get_problem (self), "There is nothing to keep"));
  gtk_widget_activate_action (self->presets, "presets.remove", "s", "a");
  check_rows (self, "");
  gtk_widget_activate_action (self->presets, "presets.undo", NULL);
  check_rows (self, "a");
}

static guint
count_rows (Fixture *self)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (get_list (self), (int) n) != NULL)
    n++;
  return n;
}

/* Hundreds are made a few at a time, so that the window goes on; one that is moved down is moved alone. */
static void
test_many (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) presets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) added = NULL;
  g_autofree char *first = NULL;
  GtkListBoxRow *second;

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *text = g_strdup_printf ("message %u", i);
      g_autoptr (SktMessage) message = skt_message_new (&(SktMessageSettings){ .source = text }, NULL, NULL);

      g_ptr_array_add (presets, skt_preset_new (&(SktPresetSettings){ .name = text, .message = message }));
    }
  added = skt_preset_store_add_all (self->store, presets);
  g_assert_cmpuint (count_rows (self), <, 500);
  check_wait (count_rows (self) == 500);
  first = g_strdup (skt_preset_get_id (added->pdata[0]));
  second = gtk_list_box_get_row_at_index (get_list (self), 1);
  gtk_list_box_select_row (get_list (self), gtk_list_box_get_row_at_index (get_list (self), 0));
  skt_preset_store_move (self->store, first, "", NULL);
  g_assert_true (gtk_list_box_get_row_at_index (get_list (self), 0) == second);
  g_assert_cmpint (gtk_list_box_row_get_index (gtk_list_box_get_selected_row (get_list (self))), ==, 499);
  /* The last of them, though its row was not made yet. */
  skt_preset_store_remove_all (self->store, added);
  g_assert_cmpuint (count_rows (self), ==, 0);
  skt_preset_store_undo (self->store);
  gtk_widget_activate_action (self->presets, "presets.edit", "s", first);
  g_assert_true (socketeer_preset_row_is_edited (SOCKETEER_PRESET_ROW (gtk_list_box_get_row_at_index (get_list (self), 499))));
}

static gboolean
has_content (const char *path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && text[0] != '\0';
}

static void
test_files (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  int descriptor = g_file_open_tmp ("presets-XXXXXX.json", &path, NULL);

  g_close (descriptor, NULL);
  file = g_file_new_for_path (path);
  add (self, "a", "G");
  _socketeer_presets_export_file (SOCKETEER_PRESETS (self->presets), file);
  check_wait (has_content (path));
  skt_preset_store_remove (self->store, "a");
  _socketeer_presets_import_file (SOCKETEER_PRESETS (self->presets), file);
  check_wait (skt_preset_store_find (self->store, "a") != NULL);
  check_rows (self, "[G] a");

  g_assert_true (g_file_set_contents (path, "N1=A,x\nN2=H,0\n", -1, NULL));
  _socketeer_presets_import_file (SOCKETEER_PRESETS (self->presets), file);
  check_wait (g_list_model_get_n_items (G_LIST_MODEL (self->store)) == 2);
  check_wait (g_str_has_prefix (get_problem (self), "1 message of the file was left out. “N2”"));

  g_assert_true (g_file_set_contents (path, "nothing of that kind", -1, NULL));
  _socketeer_presets_import_file (SOCKETEER_PRESETS (self->presets), file);
  check_wait (strstr (get_problem (self), "can't be imported") != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->store)), ==, 2);
  g_unlink (path);
}

static void
test_keys (void)
{
  g_assert_cmpint (socketeer_preset_key_from_event (GDK_KEY_F1, 0), ==, SKT_PRESET_KEY_F1);
  g_assert_cmpint (socketeer_preset_key_from_event (GDK_KEY_F12, GDK_LOCK_MASK), ==, SKT_PRESET_KEY_F12);
  g_assert_cmpint (socketeer_preset_key_from_event (GDK_KEY_F1, GDK_SHIFT_MASK), ==, SKT_PRESET_KEY_NONE);
  g_assert_cmpint (socketeer_preset_key_from_event (GDK_KEY_1, GDK_CONTROL_MASK), ==, SKT_PRESET_KEY_CTRL_1);
  g_assert_cmpint (socketeer_preset_key_from_event (GDK_KEY_KP_9, GDK_CONTROL_MASK), ==, SKT_PRESET_KEY_CTRL_9);
  g_assert_cmpint (socketeer_preset_key_from_event (GDK_KEY_0, GDK_CONTROL_MASK), ==, SKT_PRESET_KEY_NONE);
  g_assert_cmpint (socketeer_preset_key_from_event (GDK_KEY_1, 0), ==, SKT_PRESET_KEY_NONE);
  g_assert_null (socketeer_preset_key_dup_use (SKT_PRESET_KEY_NONE));
}

#define add_test(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  add_test ("/ui/presets/rows", test_rows);
  add_test ("/ui/presets/search", test_search);
  add_test ("/ui/presets/edit", test_edit);
  add_test ("/ui/presets/problem", test_problem);
  add_test ("/ui/presets/many", test_many);
  add_test ("/ui/presets/files", test_files);
  g_test_add_func ("/ui/presets/keys", test_keys);
  return g_test_run ();
}
