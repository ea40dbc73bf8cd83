/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-progress-row.h"
#include "socketeer-save-dialog.h"

#include <string.h>

/* The dialog that asks what to save, and the row that shows how far it is. */

/* -- Choices ------------------------------------------------------------------------------------------------- */

static void
test_parse (void)
{
  const struct { const char *name; SktExportDirection direction; gboolean selection_only; } names[] = {
    { "received", SKT_EXPORT_RECEIVED, FALSE },
    { "sent", SKT_EXPORT_SENT, FALSE },
    { "both", SKT_EXPORT_BOTH, FALSE },
    { "selection", SKT_EXPORT_BOTH, TRUE },
    { "selection-received", SKT_EXPORT_RECEIVED, TRUE },
    { "selection-sent", SKT_EXPORT_SENT, TRUE },
  };
  SocketeerSaveChoice choice = { SKT_EXPORT_TEXT, SKT_EXPORT_SENT, TRUE };

  g_assert_false (socketeer_save_choice_parse ("xml", "both", &choice));
  g_assert_false (socketeer_save_choice_parse ("csv", "selection-", &choice));
  g_assert_false (socketeer_save_choice_parse ("csv", "selections", &choice));
  g_assert_false (socketeer_save_choice_parse ("csv", "", &choice));
  g_assert_cmpint (choice.format, ==, SKT_EXPORT_TEXT);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (socketeer_save_choice_parse ("pcapng", names[i].name, &choice));
      g_assert_cmpint (choice.format, ==, SKT_EXPORT_PCAPNG);
      g_assert_cmpint (choice.direction, ==, names[i].direction);
      g_assert_cmpint (choice.selection_only, ==, names[i].selection_only);
    }
}

static void
test_file_name (void)
{
  const char *endings[] = { "-sent.bin", "-sent.hex", "-sent.txt", "-sent.csv", "-sent.jsonl", "-sent.pcapng",
                            ".socketeer" };

  for (SktExportFormat i = 0; i < SKT_N_EXPORT_FORMATS; i++)
    {
      const SocketeerSaveChoice choice = { i, SKT_EXPORT_SENT, FALSE };
      g_autofree char *name = socketeer_save_choice_dup_file_name (&choice);

      g_assert_true (g_str_has_prefix (name, "socketeer-2"));
      g_assert_true (g_str_has_suffix (name, endings[i]));
    }
}

/* -- The dialog ---------------------------------------------------------------------------------------------- */

typedef struct
{
  guint n;
  SocketeerSaveChoice choice;
} Chosen;

static void
chosen_cb (SocketeerSaveDialog *dialog, const SocketeerSaveChoice *choice, gpointer user_data)
{
  Chosen *chosen = user_data;

  chosen->n++;
  chosen->choice = *choice;
}

static SocketeerSaveDialog *
dialog_new (gboolean has_selection, gboolean prefers_selection, guint n_connections, Chosen *chosen)
{
  SocketeerSaveDialog *dialog = socketeer_save_dialog_new (NULL, has_selection, prefers_selection, n_connections);

  chosen->n = 0;
  g_signal_connect (dialog, "chosen", G_CALLBACK (chosen_cb), chosen);
  gtk_window_present (GTK_WINDOW (dialog));
  check_wait (gtk_widget_get_mapped (GTK_WIDGET (dialog)));
  return dialog;
}

static void
choose (SocketeerSaveDialog *dialog, const char *name)
{
  g_object_set (check_child (dialog, SOCKETEER_TYPE_SAVE_DIALOG, name), "active", TRUE, NULL);
}

static gboolean
is_active (SocketeerSaveDialog *dialog, const char *name)
{
  gboolean active;

  g_object_get (check_child (dialog, SOCKETEER_TYPE_SAVE_DIALOG, name), "active", &active, NULL);
  return active;
}

static gboolean
is_sensitive (SocketeerSaveDialog *dialog, const char *name)
{
  return gtk_widget_is_sensitive (check_child (dialog, SOCKETEER_TYPE_SAVE_DIALOG, name));
}

static void
finish (SocketeerSaveDialog *dialog)
{
  gpointer weak = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &weak);
  gtk_widget_activate_default (GTK_WIDGET (dialog));
  check_wait (weak == NULL);
}

static void
test_dialog (void)
{
  Chosen chosen;
  SocketeerSaveDialog *dialog = dialog_new (FALSE, FALSE, 0, &chosen);

  /* As the least that one may want; nothing is selected. */
  g_assert_true (is_active (dialog, "raw_button") && is_active (dialog, "received_button"));
  g_assert_false (is_sensitive (dialog, "selection_button"));
  choose (dialog, "csv_button");
  choose (dialog, "both_button");
  finish (dialog);
  g_assert_cmpuint (chosen.n, ==, 1);
  g_assert_cmpint (chosen.choice.format, ==, SKT_EXPORT_CSV);
  g_assert_cmpint (chosen.choice.direction, ==, SKT_EXPORT_BOTH);
  g_assert_false (chosen.choice.selection_only);

  /* As it was the last time. A session has no parts. */
  dialog = dialog_new (TRUE, FALSE, 2, &chosen);
  g_assert_true (is_active (dialog, "csv_button") && is_active (dialog, "both_button"));
  g_assert_true (is_active (dialog, "everything_button") && is_sensitive (dialog, "selection_button"));
  g_assert_cmpstr (adw_action_row_get_subtitle (check_child (dialog, SOCKETEER_TYPE_SAVE_DIALOG, "what_row")), ==,
                   "Of the 2 connections that are chosen in the list");
  choose (dialog, "selection_button");
  choose (dialog, "sent_button");
  choose (dialog, "session_button");
  g_assert_false (is_sensitive (dialog, "what_row") || is_sensitive (dialog, "direction_row"));
  finish (dialog);
  g_assert_cmpint (chosen.choice.format, ==, SKT_EXPORT_SESSION);
  g_assert_cmpint (chosen.choice.direction, ==, SKT_EXPORT_BOTH);
  g_assert_false (chosen.choice.selection_only);

  /* Asked for the selection. */
  dialog = dialog_new (TRUE, TRUE, 0, &chosen);
  g_assert_true (is_active (dialog, "selection_button") && is_active (dialog, "both_button"));
  g_assert_false (is_active (dialog, "session_button"));
  choose (dialog, "pcapng_button");
  choose (dialog, "received_button");
  finish (dialog);
  g_assert_cmpint (chosen.choice.format, ==, SKT_EXPORT_PCAPNG);
  g_assert_cmpint (chosen.choice.direction, ==, SKT_EXPORT_RECEIVED);
  g_assert_true (chosen.choice.selection_only);
}

static void
test_dialog_cancel (void)
{
  Chosen chosen;
  SocketeerSaveDialog *dialog = dialog_new (FALSE, FALSE, 0, &chosen);
  gpointer weak = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &weak);
  g_assert_true (check_press (GTK_WIDGET (dialog), GDK_KEY_Escape, 0));
  check_wait (weak == NULL);
  g_assert_cmpuint (chosen.n, ==, 0);
}

/* Each format by its row. */
static void
test_dialog_rows (void)
{
  const char *names[] = { "raw_button",   "hexdump_button", "text_button",   "csv_button",
                          "jsonl_button", "pcapng_button",  "session_button" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      Chosen chosen;
      SocketeerSaveDialog *dialog = dialog_new (FALSE, FALSE, 0, &chosen);
      GtkWidget *row = gtk_widget_get_ancestor (check_child (dialog, SOCKETEER_TYPE_SAVE_DIALOG, names[i]),
                                                ADW_TYPE_ACTION_ROW);

      adw_action_row_activate (ADW_ACTION_ROW (row));
      g_assert_true (is_active (dialog, names[i]));
      finish (dialog);
      g_assert_cmpint (chosen.choice.format, ==, i);
    }
}

/* -- Progress ------------------------------------------------------------------------------------------------ */

static GtkWidget *
add_row (GtkWidget *box, GCancellable *cancellable)
{
  GtkWidget *row = socketeer_progress_row_new ("Saving “file”", "Cancel saving", cancellable);

  gtk_box_append (GTK_BOX (box), row);
  return row;
}

static const char *
get_detail (GtkWidget *row)
{
  return gtk_label_get_label (check_child (row, SOCKETEER_TYPE_PROGRESS_ROW, "detail_label"));
}

static void
test_progress (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window = check_window_new (box);
  GtkWidget *row = add_row (box, cancellable);
  GtkRevealer *revealer = check_child (row, SOCKETEER_TYPE_PROGRESS_ROW, "revealer");
  GtkWidget *button = check_child (row, SOCKETEER_TYPE_PROGRESS_ROW, "cancel_button");

  /* Not for what is over in a moment. */
  g_assert_false (gtk_widget_get_visible (row));
  socketeer_progress_row_update (512 * 1024, 3 * 1024 * 1024, row);
  g_assert_cmpstr (get_detail (row), ==, "512.0 KiB of 3.0 MiB");
  check_wait (gtk_revealer_get_child_revealed (revealer));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "Cancel saving");
  do
    {
      check_frames (window, 1);
      socketeer_progress_row_update (1024 * 1024, 3 * 1024 * 1024, row);
    }
  while (strstr (get_detail (row), "/s") == NULL);
  socketeer_progress_row_update (3 * 1024 * 1024, 3 * 1024 * 1024, row);
  g_assert_cmpstr (get_detail (row), ==, "Finishing…");

  g_signal_emit_by_name (button, "clicked");
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_assert_false (gtk_widget_get_sensitive (button));
  socketeer_progress_row_update (1, 2, row);
  g_assert_cmpstr (get_detail (row), ==, "Cancelling…");
  socketeer_progress_row_finish (SOCKETEER_PROGRESS_ROW (row));
  check_wait (gtk_widget_get_first_child (box) == NULL);
  check_window_destroy (window);
}

/* It ends before it is shown, where it can't be seen, and after its page has gone. */
static void
test_progress_ends (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window = check_window_new (box);
  GtkWidget *row = add_row (box, cancellable);

  socketeer_progress_row_finish (SOCKETEER_PROGRESS_ROW (row));
  check_wait (gtk_widget_get_first_child (box) == NULL);

  gtk_widget_set_visible (box, FALSE);
  row = add_row (box, cancellable);
  check_wait (gtk_revealer_get_reveal_child (check_child (row, SOCKETEER_TYPE_PROGRESS_ROW, "revealer")));
  socketeer_progress_row_finish (SOCKETEER_PROGRESS_ROW (row));
  check_wait (gtk_widget_get_first_child (box) == NULL);

  row = g_object_ref (add_row (box, cancellable));
  check_window_destroy (window);
  g_object_run_dispose (G_OBJECT (row));
  socketeer_progress_row_update (1, 2, row);
  socketeer_progress_row_finish (SOCKETEER_PROGRESS_ROW (row));
  g_assert_finalize_object (row);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  g_test_add_func ("/ui/save/parse", test_parse);
  g_test_add_func ("/ui/save/file-name", test_file_name);
  g_test_add_func ("/ui/save/dialog", test_dialog);
  g_test_add_func ("/ui/save/dialog-cancel", test_dialog_cancel);
  g_test_add_func ("/ui/save/dialog-rows", test_dialog_rows);
  g_test_add_func ("/ui/save/progress", test_progress);
  g_test_add_func ("/ui/save/progress-ends", test_progress_ends);
  return g_test_run ();
}
