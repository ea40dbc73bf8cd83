/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"

#include "skt-selection.h"

static char *
copy (SktJournal *journal, SktEncoding encoding, SktPosition from, SktPosition to, SktCopyFormat format)
{
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, encoding, 16);
  g_autoptr (GError) error = NULL;
  char *text = skt_selection_copy (journal, layout, from, to, format, NULL, NULL, &error);

  g_assert_no_error (error);
  return text;
}

static void
test_formats (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktPosition from = { 0, 1 }, to = { 2, 2 };
  g_autofree char *text = NULL, *hex = NULL, *dump = NULL;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "hello", 5);
  check_journal_add (journal, SKT_RECORD_NOTE, 1, "not this", 8);
  check_journal_add (journal, SKT_RECORD_SENT, 1, "you\n", 4);
  text = copy (journal, SKT_ENCODING_UTF_8, from, to, SKT_COPY_TEXT);
  hex = copy (journal, SKT_ENCODING_UTF_8, from, to, SKT_COPY_HEX);
  dump = copy (journal, SKT_ENCODING_UTF_8, from, to, SKT_COPY_HEXDUMP);
  g_assert_cmpstr (text, ==, "ello\nyo");
  g_assert_cmpstr (hex, ==, "65 6c 6c 6f\n79 6f");
  g_assert_cmpstr (dump, ==, "00000000  65 6c 6c 6f 79 6f                                 |elloyo|\n00000006\n");
}

/* Byte-exact: half a character is copied as the byte that it is, a whole one over two reads as itself. */
static void
test_characters (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autofree char *half = NULL, *second = NULL, *hex = NULL;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "\xc4\xe3\xba", 3);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "\xc3!", 2);
  half = copy (journal, SKT_ENCODING_GBK, (SktPosition){ 0, 0 }, (SktPosition){ 0, 1 }, SKT_COPY_TEXT);
  g_assert_cmpstr (half, ==, "\\xC4");
  second = copy (journal, SKT_ENCODING_GBK, (SktPosition){ 0, 0 }, (SktPosition){ 1, 2 }, SKT_COPY_TEXT);
  g_assert_cmpstr (second, ==, "你\n好!");
  hex = copy (journal, SKT_ENCODING_GBK, (SktPosition){ 0, 2 }, (SktPosition){ 1, 1 }, SKT_COPY_HEX);
  g_assert_cmpstr (hex, ==, "ba\nc3");
}

static void
test_nul (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autofree char *text = NULL;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "a\0b\0\0c", 6);
  text = copy (journal, SKT_ENCODING_UTF_8, (SktPosition){ 0, 0 }, (SktPosition){ 0, 6 }, SKT_COPY_TEXT);
  g_assert_cmpstr (text, ==, "a\\0b\\0\\0c");
}

static void
test_too_large (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_HEX, SKT_ENCODING_UTF_8, 16);
  g_autoptr (GError) error = NULL;
  gsize piece = 1024 * 1024;
  g_autofree char *bytes = g_malloc0 (piece);

  for (gsize n = 0; n <= SKT_COPY_MAX_BYTES; n += piece)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, piece);
  g_assert_null (skt_selection_copy (journal, layout, (SktPosition){ 0, 0 }, (SktPosition){ G_MAXUINT64 - 1, 1 },
                                     SKT_COPY_HEX, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_async (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL, cancelled = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint64 n_bytes = 0;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "hello", 5);
  skt_selection_copy_async (journal, layout, (SktPosition){ 0, 0 }, (SktPosition){ 0, 5 }, SKT_COPY_TEXT, NULL,
                            copied_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  text = skt_selection_copy_finish (result, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "hello");
  g_assert_cmpuint (n_bytes, ==, 5);

  g_cancellable_cancel (cancellable);
  skt_selection_copy_async (journal, layout, (SktPosition){ 0, 0 }, (SktPosition){ 0, 5 }, SKT_COPY_TEXT, cancellable,
                            copied_cb, &cancelled);
  while (cancelled == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (skt_selection_copy_finish (cancelled, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/selection/formats", test_formats);
  g_test_add_func ("/core/selection/characters", test_characters);
  g_test_add_func ("/core/selection/nul", test_nul);
  g_test_add_func ("/core/selection/too-large", test_too_large);
  g_test_add_func ("/core/selection/async", test_async);
  return g_test_run ();
}
