/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-answer-dialog.h"
#include "socketeer-answers.h"
#include "socketeer-frame-rule.h"
#include "socketeer-page.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static SktAnswerEntry *
new_entry (const char *text, const char *answer)
{
  SktMessageSettings message_settings = { .form = SKT_MESSAGE_TEXT, .source = answer, .has_escapes = TRUE };
  g_autoptr (SktMessage) message = skt_message_new (&message_settings, NULL, NULL);
  SktAnswerEntrySettings settings = {
    .is_on = TRUE, .when = SKT_ANSWER_WHEN_TEXT, .text = text, .match_case = TRUE, .message = message, .max_per_second = 10,
  };

  return skt_answer_entry_new (&settings, NULL, NULL);
}

/* The answer has the groups that its match has, and no others. */
static void
test_groups (void)
{
  static const struct
  {
    SktAnswerWhen when;
    const char *text, *answer;
    const char *message; /* NULL: good */
  } cases[] = {
    { SKT_ANSWER_WHEN_REGEX, "(a)(b)", "${2}${1}${0}", NULL },
    { SKT_ANSWER_WHEN_REGEX, "(a)(b)", "${3}", "${3} is empty for ever: the regular expression has 2 groups." },
    { SKT_ANSWER_WHEN_REGEX, "(a)b", "${1}${2}", "${2} is empty for ever: the regular expression has 1 group." },
    { SKT_ANSWER_WHEN_HEX, "61 ??", "${0}${received}", NULL },
    { SKT_ANSWER_WHEN_HEX, "61 ??", "${1}",
      "${1} is empty for ever: only a regular expression has groups. ${0} is all that has matched." },
    { SKT_ANSWER_WHEN_CONNECTED, "", "${7}",
      "${7} is empty for ever: only a regular expression has groups. ${0} is all that has matched." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SktMessageSettings message_settings = { .form = SKT_MESSAGE_TEXT, .source = cases[i].answer, .has_placeholders = TRUE };
      g_autoptr (SktMessage) message = skt_message_new (&message_settings, NULL, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (SktAnswerEntry) entry = skt_answer_entry_new (&(SktAnswerEntrySettings){
        .when = cases[i].when, .text = cases[i].text, .message = message, .max_per_second = 10,
      }, NULL, &error);

      g_assert_cmpstr (error != NULL ? error->message : NULL, ==, cases[i].message);
      g_assert_true ((entry != NULL) == (error == NULL));
    }
}

static const char *
get_text (SktAnswerStore *store, guint position)
{
  g_autoptr (SktAnswerEntry) entry = g_list_model_get_item (G_LIST_MODEL (store), position);

  return entry != NULL ? skt_answer_entry_get_settings (entry)->text : NULL;
}

static SktAnswerStore *
new_store (const char *path)
{
  SktAnswerStore *store = skt_answer_store_new (path);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autoptr (SktAnswerEntry) entry = new_entry (text, "x");

      g_assert_true (skt_answer_store_insert (store, i, entry));
    }
  return store;
}

/* -- The store ----------------------------------------------------------------------------------------------- */

static void
test_store (void)
{
  g_autofree char *folder = g_dir_make_tmp ("socketeer-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "answers.json", NULL);
  SktAnswerStore *store = new_store (path);

  g_assert_true (skt_answer_store_move (store, 0, 1));
  g_assert_false (skt_answer_store_move (store, 2, 1));
  skt_answer_store_remove (store, 2);
  g_assert_true (skt_answer_store_undo (store));
  g_assert_cmpstr (get_text (store, 2), ==, "2");
  g_assert_finalize_object (store);

  store = skt_answer_store_new (path);
  g_assert_null (skt_answer_store_get_problem (store));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 3);
  g_assert_cmpstr (get_text (store, 0), ==, "1");
  g_assert_cmpstr (get_text (store, 1), ==, "0");
  g_assert_finalize_object (store);
  g_remove (path);
  g_rmdir (folder);
}

static void
check_kept_aside (const char *text, guint n_good)
{
  g_autofree char *folder = g_dir_make_tmp ("socketeer-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "answers.json", NULL);
  g_autofree char *aside = g_strconcat (path, ".bad-1", NULL);
  SktAnswerStore *store;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  store = skt_answer_store_new (path);
  g_assert_nonnull (skt_answer_store_get_problem (store));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, n_good);
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (store);
  g_remove (path);
  g_remove (aside);
  g_rmdir (folder);
}

/* What is good in a damaged file is taken over, and the file is kept. */
static void
test_damaged (void)
{
  check_kept_aside ("{\"format\": \"socketeer-answers\", \"answers\": ["
                    "{\"when\": \"text\", \"text\": \"a\", \"message\": {\"source\": \"b\"}}, {\"when\": \"never\"}]}",
                    1);
}

/* One of a newer version has more in it than can be read: it is not taken in part and then written over. */
static void
test_newer (void)
{
  check_kept_aside ("{\"format\": \"socketeer-answers\", \"version\": 2, \"answers\": ["
                    "{\"when\": \"text\", \"text\": \"a\", \"message\": {\"source\": \"b\"}}]}",
                    0);
}

/* -- The dialog ---------------------------------------------------------------------------------------------- */

static void
saved_cb (GtkWidget *dialog, SktAnswerEntry *entry, SktAnswerEntry **ret_entry)
{
  *ret_entry = g_object_ref (entry);
}

static void
set_row (GtkWidget *dialog, const char *name, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (check_child (dialog, SOCKETEER_TYPE_ANSWER_DIALOG, name)), text);
}

static const char *
get_problem (GtkWidget *dialog, const char *name)
{
  GtkWidget *label = check_child (dialog, SOCKETEER_TYPE_ANSWER_DIALOG, name);

  return gtk_widget_get_visible (label) ? gtk_label_get_label (GTK_LABEL (label)) : "";
}

static void
test_dialog (void)
{
  GtkWidget *dialog = GTK_WIDGET (g_object_ref (socketeer_answer_dialog_new (NULL, NULL, SKT_ENCODING_UTF_8)));
  GtkWidget *save = check_child (dialog, SOCKETEER_TYPE_ANSWER_DIALOG, "save_button");
  g_autoptr (SktAnswerEntry) entry = NULL;

  g_signal_connect (dialog, "saved", G_CALLBACK (saved_cb), &entry);
  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_false (gtk_widget_get_sensitive (save));
  /* Nothing was done wrong yet. */
  g_assert_cmpstr (get_problem (dialog, "text_problem"), ==, "");
  adw_combo_row_set_selected (check_child (dialog, SOCKETEER_TYPE_ANSWER_DIALOG, "when_row"), SKT_ANSWER_WHEN_HEX);
  set_row (dialog, "message_row", "ok ${1}\\r\\n");
  set_row (dialog, "text_row", "01 zz");
  g_assert_true (strstr (get_problem (dialog, "text_problem"), "4") != NULL);
  g_assert_false (gtk_widget_get_sensitive (save));
  set_row (dialog, "text_row", "01 ?? 03");
  g_assert_cmpstr (get_problem (dialog, "text_problem"), ==, "");
  g_assert_true (strstr (get_problem (dialog, "problem"), "${1}") != NULL);
  g_assert_false (gtk_widget_get_sensitive (save));
  set_row (dialog, "message_row", "ok ${0}\\r\\n");
  g_assert_cmpstr (get_problem (dialog, "problem"), ==, "");
  g_assert_true (gtk_widget_get_sensitive (save));
  set_row (dialog, "message_row", "bad \\q");
  g_assert_cmpstr (get_problem (dialog, "message_problem"), !=, "");
  g_assert_false (gtk_widget_get_sensitive (save));
  set_row (dialog, "message_row", "ok\\n");
  g_signal_emit_by_name (save, "clicked");
  g_assert_nonnull (entry);
  g_assert_cmpstr (skt_answer_entry_get_settings (entry)->text, ==, "01 ?? 03");
  g_assert_cmpuint (skt_answer_entry_get_settings (entry)->max_per_second, ==, SKT_ANSWER_DEFAULT_LIMIT);
  check_wait (!gtk_widget_get_mapped (dialog));
  g_object_unref (dialog);
}

/* -- The tab ------------------------------------------------------------------------------------------------- */

static gboolean
has_counts (GtkListBox *list, const char *expected)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, 0);

  return g_str_equal (gtk_label_get_label (g_object_get_data (G_OBJECT (row), "counts")), expected);
}

static void
test_answers (CheckFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SocketeerPage *page = socketeer_page_new (fixture->engine, SOCKETEER_PAGE_SERVER, &error);
  SktSession *session = socketeer_page_get_session (page);
  g_autoptr (SktAnswerStore) store = skt_answer_store_new (NULL);
  g_autoptr (SktAnswerEntry) entry = new_entry ("ping", "pong");
  g_autoptr (SktAnswerEntry) moved = NULL;
  GtkWidget *answers, *window;
  GtkListBox *list;
  char got[4];
  int fd;

  skt_answer_store_insert (store, 0, entry);
  g_object_ref_sink (page);
  answers = socketeer_answers_new (page, store);
  window = check_window_new (answers);
  list = check_child (answers, SOCKETEER_TYPE_ANSWERS, "list_box");
  g_assert_false (socketeer_answers_is_active (SOCKETEER_ANSWERS (answers)));

  fd = check_socket_connect (check_session_listen (session));
  check_socket_send (fd, "ping", 4);
  check_wait (skt_session_get_bytes_received (session) == 4);
  g_assert_cmpuint (skt_session_get_bytes_sent (session), ==, 0);
  socketeer_answers_set_active (SOCKETEER_ANSWERS (answers), TRUE);
  check_run_for (50);
  check_socket_send (fd, "pi", 2);
  check_socket_send (fd, "ng", 2);
  g_assert_cmpuint (check_socket_receive (fd, got, 4), ==, 4);
  g_assert_cmpmem (got, 4, "pong", 4);
  check_wait (has_counts (list, "matched 1 · answered 1"));

  /* a rule that is switched off in its row answers no more */
  gtk_list_box_select_row (list, gtk_list_box_get_row_at_index (list, 0));
  gtk_widget_activate_action (answers, "answers.duplicate", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 2);
  gtk_widget_activate_action (answers, "answers.move-up", NULL);
  moved = g_list_model_get_item (G_LIST_MODEL (store), 1);
  g_assert_true (moved == entry);
  gtk_widget_activate_action (answers, "answers.delete", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 1);
  gtk_widget_activate_action (answers, "answers.undo", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 2);

  close (fd);
  check_window_destroy (window);
  socketeer_page_close (page);
  g_object_unref (page);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  g_type_ensure (SOCKETEER_TYPE_FRAME_RULE);
  g_test_add_func ("/ui/answers/store", test_store);
  g_test_add_func ("/ui/answers/damaged", test_damaged);
  g_test_add_func ("/ui/answers/newer", test_newer);
  g_test_add_func ("/ui/answers/groups", test_groups);
  g_test_add_func ("/ui/answers/dialog", test_dialog);
  g_test_add ("/ui/answers/answers", CheckFixture, NULL, check_set_up, test_answers, check_tear_down);
  return g_test_run ();
}
