/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-history.h"

#include <glib/gstdio.h>
#include <string.h>

static SktMessage *
make (const char *source, SktMessageForm form)
{
  g_autoptr (GError) error = NULL;
  SktMessage *message = skt_message_new (&(SktMessageSettings){ .source = source, .form = form }, NULL, &error);

  g_assert_no_error (error);
  return message;
}

static void
add (SktHistory *history, const char *source)
{
  g_autoptr (SktMessage) message = make (source, SKT_MESSAGE_TEXT);
  skt_history_add (history, message);
}

static const char *
get (SktHistory *history, guint i)
{
  return skt_message_get_settings (skt_history_get (history, i))->source;
}

static void
count_cb (SktHistory *history, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_order (void)
{
  SktHistory *history = skt_history_new (NULL);
  g_autoptr (SktMessage) hex = make ("aa", SKT_MESSAGE_HEX);
  guint n_changed = 0;

  g_signal_connect (history, "changed", G_CALLBACK (count_cb), &n_changed);
  add (history, "aa");
  add (history, "aa"); /* the same again */
  add (history, "");
  g_assert_cmpuint (n_changed, ==, 1);
  skt_history_add (history, hex); /* the same text, another message */
  add (history, "aa");
  g_assert_cmpuint (skt_history_get_n (history), ==, 3);
  g_assert_cmpint (skt_message_get_settings (skt_history_get (history, 1))->form, ==, SKT_MESSAGE_HEX);
  g_assert_null (skt_history_get (history, 3));
  skt_history_clear (history);
  g_assert_cmpuint (skt_history_get_n (history), ==, 0);
  g_assert_cmpuint (n_changed, ==, 4);
  skt_history_clear (history);
  g_assert_cmpuint (n_changed, ==, 4);
  g_assert_finalize_object (history);
}

static void
test_bounds (void)
{
  g_autoptr (SktHistory) history = skt_history_new (NULL);
  g_autofree char *half = g_strnfill (SKT_HISTORY_MAX_SIZE / 2, 'h');
  g_autofree char *large = g_strnfill (SKT_HISTORY_MAX_SIZE + 1, 'l');

  for (guint i = 0; i < SKT_HISTORY_MAX + 10; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      add (history, text);
    }
  g_assert_cmpuint (skt_history_get_n (history), ==, SKT_HISTORY_MAX);
  g_assert_cmpstr (get (history, 0), ==, "509");
  g_assert_cmpstr (get (history, SKT_HISTORY_MAX - 1), ==, "10");
  add (history, large);
  g_assert_cmpstr (get (history, 0), ==, "509");
  add (history, half);
  half[0] = 'x';
  add (history, half);
  g_assert_cmpuint (skt_history_get_n (history), ==, 2);
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("skt-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "history.json", NULL);
  g_autofree char *aside = g_strconcat (path, ".bad-1", NULL);
  g_autofree char *problem = NULL;
  SktHistory *history = skt_history_new (path);
  guint8 all[256];
  g_autoptr (GBytes) bytes = NULL, back = NULL;
  g_autoptr (SktMessage) binary = NULL;

  for (guint i = 0; i < sizeof all; i++)
    all[i] = i;
  bytes = g_bytes_new (all, sizeof all);
  binary = skt_message_new_from_bytes (bytes);
  add (history, "older\n\x01\"");
  skt_history_add (history, binary);
  g_object_unref (history);

  history = skt_history_new (path);
  g_assert_cmpuint (skt_history_get_n (history), ==, 2);
  g_assert_cmpstr (get (history, 1), ==, "older\n\x01\"");
  back = skt_message_expand (skt_history_get (history, 0), NULL, NULL);
  g_assert_true (g_bytes_equal (back, bytes));
  g_object_unref (history);

  g_assert_true (g_file_set_contents (
    path, "{\"format\": \"socketeer-history\", \"version\": 1, \"messages\": [1, {\"source\": \"good\"}, {\"form\": \"x\"}]}", -1, NULL));
  history = skt_history_new (path);
  g_object_get (history, "problem", &problem, NULL);
  g_assert_nonnull (problem);
  g_assert_nonnull (strstr (problem, aside));
  g_assert_cmpuint (skt_history_get_n (history), ==, 1);
  g_assert_cmpstr (get (history, 0), ==, "good");
  g_object_unref (history);
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS) && g_file_test (path, G_FILE_TEST_EXISTS));
  g_unlink (aside);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/history/order", test_order);
  g_test_add_func ("/payload/history/bounds", test_bounds);
  g_test_add_func ("/payload/history/file", test_file);
  return g_test_run ();
}
