/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-page-private.h"
#include "socketeer-sequences-private.h"
#include "socketeer-step-dialog.h"
#include "socketeer-stores.h"

#include <sys/socket.h>
#include <unistd.h>

/* The tab of a page that is connected to a plain socket. */

typedef struct
{
  SktEngine *engine;
  SocketeerPage *page;
  SocketeerSequences *sequences;
  GtkWidget *window;
  int listener, peer;
} Fixture;

static SocketeerSequences *
find_sequences (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      SocketeerSequences *found = SOCKETEER_IS_SEQUENCES (child) ? SOCKETEER_SEQUENCES (child) : find_sequences (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *endpoint = NULL;
  guint16 port;

  self->listener = check_socket_listen (4, &port);
  self->engine = skt_engine_new ();
  self->page = g_object_ref_sink (socketeer_page_new (self->engine, SOCKETEER_PAGE_CLIENT, &error));
  g_assert_no_error (error);
  self->window = check_window_new (GTK_WIDGET (self->page));
  self->sequences = find_sequences (GTK_WIDGET (self->page));
  g_assert_nonnull (self->sequences);
  endpoint = g_strdup_printf ("127.0.0.1:%u", port);
  g_assert_true (socketeer_page_connect (self->page, endpoint));
  self->peer = check_socket_accept (self->listener);
  check_wait (skt_session_get_state (socketeer_page_get_session (self->page)) == SKT_STATE_CONNECTED);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gpointer weak = self->page;

  g_object_add_weak_pointer (G_OBJECT (self->page), &weak);
  socketeer_page_close (self->page);
  check_no_threads ("skt-sequence");
  check_window_destroy (self->window);
  g_object_unref (self->page);
  check_wait (weak == NULL);
  close (self->peer);
  close (self->listener);
  while (skt_sequence_store_get_n (socketeer_stores_get_sequences ()) > 0)
    skt_sequence_store_remove (socketeer_stores_get_sequences (), 0);
  socketeer_stores_close ();
  skt_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->engine);
}

static void
act (Fixture *self, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->sequences), action, NULL));
}

static guint
count_rows (Fixture *self)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (self->sequences->list, (int) n) != NULL)
    n++;
  return n;
}

static void
assert_status (Fixture *self, const char *prefix)
{
  g_assert_true (g_str_has_prefix (gtk_label_get_label (self->sequences->status_label), prefix));
}

static void
add_composed (Fixture *self, const char *text)
{
  g_autoptr (SktMessage) message = skt_message_new (&(SktMessageSettings){ .source = text }, NULL, NULL);

  socketeer_page_edit_message (self->page, message);
  act (self, "sequences.add-composer");
}

static void
test_make (Fixture *self, gconstpointer data)
{
  SktSequenceStore *store = socketeer_stores_get_sequences ();

  g_assert_cmpstr (gtk_stack_get_visible_child_name (self->sequences->stack), ==, "none");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (self->sequences->run_button)));
  act (self, "sequences.new");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (self->sequences->stack), ==, "some");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (self->sequences->run_button)));
  add_composed (self, "one");
  add_composed (self, "two");
  g_assert_cmpuint (count_rows (self), ==, 2);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (self->sequences->run_button)));
  g_assert_cmpuint (_socketeer_sequences_steps_get_selected (self->sequences), ==, 1);
  act (self, "sequences.up");
  g_assert_cmpuint (_socketeer_sequences_steps_get_selected (self->sequences), ==, 0);
  act (self, "sequences.duplicate");
  g_assert_cmpuint (skt_sequence_store_get_n (store), ==, 2);
  g_assert_cmpstr (skt_sequence_get_name (self->sequences->current), ==, "Sequence 1 2");
  act (self, "sequences.delete");
  g_assert_cmpuint (skt_sequence_store_get_n (store), ==, 1);
  g_assert_nonnull (self->sequences->undo_toast);
  g_signal_emit_by_name (self->sequences->undo_toast, "button-clicked");
  g_assert_cmpuint (skt_sequence_store_get_n (store), ==, 2);
  g_assert_cmpstr (skt_sequence_get_name (skt_sequence_store_get (store, 1)), ==, "Sequence 1 2");
}

static void
assert_tool_button (Fixture *self, const char *name, gboolean has_mark)
{
  GtkAccessible *button = GTK_ACCESSIBLE (self->page->tool_button);
  GtkWidget *overlay = gtk_button_get_child (GTK_BUTTON (button));
  g_autofree char *problem = gtk_test_accessible_check_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, name);

  g_assert_null (problem);
  g_assert_true (gtk_widget_get_visible (gtk_widget_get_last_child (overlay)) == has_mark);
}

/* The button that shows the pane tells that a sequence runs, because the pane may be hidden. */
static void
test_mark (Fixture *self, gconstpointer data)
{
  g_autoptr (SktStep) step =
    skt_step_new (&(SktStepSettings){ .kind = SKT_STEP_WAIT, .match = SKT_MATCH_TEXT, .text = "never" }, NULL, NULL);
  g_autoptr (SktSequence) changed = NULL;

  assert_tool_button (self, "Sending tools", FALSE);
  act (self, "sequences.new");
  changed = skt_sequence_insert (self->sequences->current, 0, step);
  _socketeer_sequences_change (self->sequences, changed, 0);
  act (self, "sequences.run");
  assert_tool_button (self, "Sending tools: a sequence runs", TRUE);
  act (self, "sequences.stop");
  check_wait (socketeer_sequences_get_n_running (self->sequences) == 0);
  assert_tool_button (self, "Sending tools", FALSE);
}

static void
test_remove_undo (Fixture *self, gconstpointer data)
{
  act (self, "sequences.new");
  add_composed (self, "one");
  add_composed (self, "two");
  act (self, "sequences.remove");
  g_assert_cmpuint (count_rows (self), ==, 1);
  g_signal_emit_by_name (self->sequences->undo_toast, "button-clicked");
  g_assert_cmpuint (count_rows (self), ==, 2);
  act (self, "sequences.remove");
  /* What is done after it ends what can be undone. */
  add_composed (self, "three");
  g_assert_null (self->sequences->undo_toast);
}

static void
test_rename (Fixture *self, gconstpointer data)
{
  act (self, "sequences.new");
  act (self, "sequences.rename");
  gtk_editable_set_text (GTK_EDITABLE (self->sequences->name_entry), " <b>login</b> ");
  g_signal_emit_by_name (self->sequences->name_entry, "activate");
  g_assert_cmpstr (skt_sequence_get_name (self->sequences->current), ==, "<b>login</b>");
  act (self, "sequences.rename");
  gtk_editable_set_text (GTK_EDITABLE (self->sequences->name_entry), "  ");
  g_signal_emit_by_name (self->sequences->name_entry, "activate");
  g_assert_cmpstr (skt_sequence_get_name (self->sequences->current), ==, "<b>login</b>");
  /* Toasts take markup. */
  act (self, "sequences.delete");
  g_assert_cmpstr (adw_toast_get_title (self->sequences->undo_toast), ==, "Sequence “&lt;b&gt;login&lt;/b&gt;” deleted");
}

static void
test_run (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;
  char got[4] = { 0 };

  act (self, "sequences.new");
  add_composed (self, "abc");
  act (self, "sequences.run");
  g_assert_cmpuint (check_socket_receive (self->peer, got, 3), ==, 3);
  g_assert_cmpstr (got, ==, "abc");
  check_wait (socketeer_sequences_get_n_running (self->sequences) == 0);
  assert_status (self, "✓ Passed: 1 passed, 0 failed, in ");
  text = socketeer_run_log_dup_text (self->sequences->log);
  g_assert_nonnull (strstr (text, "✓ 1  sent 3 bytes: abc\n"));
  act (self, "sequences.copy-log");
  g_free (text);
  text = check_dup_clipboard (self->window);
  g_assert_nonnull (strstr (text, "✓ “Sequence 1” has passed: 1 passed, 0 failed, in "));
}

static void
wait_for_ever (Fixture *self)
{
  g_autoptr (SktStep) step =
    skt_step_new (&(SktStepSettings){ .kind = SKT_STEP_WAIT, .match = SKT_MATCH_TEXT, .text = "never" }, NULL, NULL);
  g_autoptr (SktSequence) sequence = NULL;

  act (self, "sequences.new");
  sequence = skt_sequence_insert (self->sequences->current, 0, step);
  _socketeer_sequences_change (self->sequences, sequence, 0);
  act (self, "sequences.run");
  check_wait (_socketeer_sequences_get_step (self->sequences) == 1);
  check_frames (self->window, 1);
}

static void
test_stop (Fixture *self, gconstpointer data)
{
  wait_for_ever (self);
  assert_status (self, "Running: step 1 of 1");
  g_assert_cmpstr (gtk_button_get_label (self->sequences->run_button), ==, "Stop");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (gtk_list_box_get_row_at_index (self->sequences->list, 0)), "at-work"));
  act (self, "sequences.stop");
  check_wait (socketeer_sequences_get_n_running (self->sequences) == 0);
  assert_status (self, "Stopped: 0 passed, 0 failed, in ");
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (gtk_list_box_get_row_at_index (self->sequences->list, 0)), "at-work"));
  g_assert_cmpstr (gtk_button_get_label (self->sequences->run_button), ==, "Run");
}

/* tear_down() sees that no thread is left. */
static void
test_close_while_running (Fixture *self, gconstpointer data)
{
  wait_for_ever (self);
  g_assert_cmpuint (socketeer_sequences_get_n_running (self->sequences), ==, 1);
}

/* What another page changes is shown, and what is chosen stays chosen. */
static void
test_shared (Fixture *self, gconstpointer data)
{
  SktSequenceStore *store = socketeer_stores_get_sequences ();
  g_autoptr (SktSequence) other = skt_sequence_new ("other", NULL);

  act (self, "sequences.new");
  add_composed (self, "x");
  skt_sequence_store_insert (store, 0, other);
  g_assert_cmpuint (gtk_drop_down_get_selected (self->sequences->drop_down), ==, 1);
  g_assert_cmpuint (count_rows (self), ==, 1);
  skt_sequence_store_remove (store, 1);
  g_assert_cmpstr (skt_sequence_get_name (self->sequences->current), ==, "other");
  skt_sequence_store_remove (store, 0);
  g_assert_null (self->sequences->current);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (self->sequences->stack), ==, "none");
}

static void
done_cb (SktStep **kept, SktStep *step)
{
  *kept = skt_step_ref (step);
}

/* What a dialog begins with is what it gives back, for each kind. */
static void
test_dialog (Fixture *self, gconstpointer data)
{
  g_autoptr (SktMessage) message = skt_message_new (
    &(SktMessageSettings){ .source = "a\\n${1}", .ending = SKT_LINE_ENDING_CRLF, .has_escapes = TRUE, .has_placeholders = TRUE,
                           .has_checksum = TRUE, .checksum = SKT_CHECKSUM_CRC_16_MODBUS },
    NULL, NULL);
  const SktStepSettings all[] = {
    { .kind = SKT_STEP_SEND, .message = message },
    { .kind = SKT_STEP_WAIT, .match = SKT_MATCH_HEX, .text = "00 ??", .timeout_ms = 77, .goes_on = TRUE },
    { .kind = SKT_STEP_WAIT, .match = SKT_MATCH_FRAME, .frame = { .kind = SKT_FRAME_FIXED, .length = 12 } },
    { .kind = SKT_STEP_WAIT, .match = SKT_MATCH_REGEX, .text = "^a", .encoding = SKT_ENCODING_GBK },
    { .kind = SKT_STEP_PAUSE, .pause_ms = 9 },
    { .kind = SKT_STEP_REPEAT, .to = 2, .count = 0 },
    { .kind = SKT_STEP_STOP, .by_count = TRUE, .count = 7, .is_failure = TRUE },
    { .kind = SKT_STEP_STOP, .match = SKT_MATCH_TEXT, .text = "x" },
    { .kind = SKT_STEP_WAIT_END, .timeout_ms = 1 },
    { .kind = SKT_STEP_FINISH },
    { .kind = SKT_STEP_CLOSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (SktStep) step = skt_step_new (&all[i], NULL, NULL);
      g_autoptr (SktStep) back = NULL;
      g_autofree char *words = skt_step_to_words (step);
      g_autofree char *back_words = NULL;
      SocketeerStepDialog *dialog = socketeer_step_dialog_new (GTK_WINDOW (self->window), all[i].kind, step, 5);

      g_signal_connect_swapped (dialog, "done", G_CALLBACK (done_cb), &back);
      gtk_window_present (GTK_WINDOW (dialog));
      g_signal_emit_by_name (check_child (dialog, SOCKETEER_TYPE_STEP_DIALOG, "apply_button"), "clicked");
      g_assert_nonnull (back);
      back_words = skt_step_to_words (back);
      g_assert_cmpstr (back_words, ==, words);
      if (i == 0)
        g_assert_cmpint (skt_message_get_settings (skt_step_get_settings (back)->message)->checksum, ==, SKT_CHECKSUM_CRC_16_MODBUS);
    }
}

static void
test_dialog_problem (Fixture *self, gconstpointer data)
{
  SocketeerStepDialog *dialog = socketeer_step_dialog_new (GTK_WINDOW (self->window), SKT_STEP_WAIT, NULL, 1);
  GtkWidget *apply = check_child (dialog, SOCKETEER_TYPE_STEP_DIALOG, "apply_button");
  GtkLabel *problem = check_child (dialog, SOCKETEER_TYPE_STEP_DIALOG, "problem_label");
  GtkEditable *entry = check_child (dialog, SOCKETEER_TYPE_STEP_DIALOG, "pattern_entry");

  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_false (gtk_widget_get_sensitive (apply));
  gtk_drop_down_set_selected (check_child (dialog, SOCKETEER_TYPE_STEP_DIALOG, "match_drop_down"), SKT_MATCH_HEX);
  gtk_editable_set_text (entry, "de xx");
  g_assert_nonnull (strstr (gtk_label_get_label (problem), "at position 4"));
  g_assert_false (gtk_widget_get_sensitive (apply));
  gtk_editable_set_text (entry, "de ??");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (problem)));
  g_assert_true (gtk_widget_get_sensitive (apply));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

#define add(path, func) g_test_add ("/ui/sequences/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  check_ui_init (&argc, &argv);
  add ("make", test_make);
  add ("remove-undo", test_remove_undo);
  add ("rename", test_rename);
  add ("run", test_run);
  add ("stop", test_stop);
  add ("mark", test_mark);
  add ("close-while-running", test_close_while_running);
  add ("shared", test_shared);
  add ("dialog", test_dialog);
  add ("dialog-problem", test_dialog_problem);
  return g_test_run ();
}
