/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-export.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIME_NS G_GUINT64_CONSTANT (1795264496789123456) /* 2026-11-21 12:34:56.789123 UTC */
#define DEADLINE_SECONDS 60

typedef struct
{
  char *folder;
  char *target;
  SktJournal *journal;

  /* The last export. */
  gboolean is_done;
  gboolean ok;
  guint64 length;
  GError *error;

  /* Progress. */
  GCancellable *cancellable;
  GThread *thread;
  guint n_progress;
  goffset last_done;
  goffset last_total;
  gboolean cancel_on_progress;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("skt-test-export-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->target = g_build_filename (fixture->folder, "target", NULL);
  path = g_build_filename (fixture->folder, "session", NULL);
  fixture->journal = skt_journal_create (path, &error);
  g_assert_no_error (error);
  skt_journal_set_delete_on_free (fixture->journal, TRUE);
  fixture->cancellable = g_cancellable_new ();
  fixture->thread = g_thread_self ();
}

/* Whatever the test wrote into the folder it removed or knows: only the target is expected. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->journal, skt_journal_unref);
  g_unlink (fixture->target);
  g_assert_cmpint (rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->target);
  g_clear_error (&fixture->error);
  g_object_unref (fixture->cancellable);
}

static void
append_at (Fixture *fixture, SktRecordKind kind, guint32 connection, guint64 time_ns, const void *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  SktRecord record = { .kind = kind, .connection = connection, .time_ns = time_ns };

  skt_journal_append (fixture->journal, &record, bytes, length, &error);
  g_assert_no_error (error);
}

static void
append (Fixture *fixture, SktRecordKind kind, guint32 connection, const char *text)
{
  append_at (fixture, kind, connection, TIME_NS, text, strlen (text));
}

static void
publish (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  skt_journal_flush (fixture->journal, &error);
  g_assert_no_error (error);
}

/* -- Running one --------------------------------------------------------------------------------------------- */

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  g_assert_false (fixture->is_done);
  g_clear_error (&fixture->error);
  fixture->length = 0;
  fixture->ok = skt_export_finish (result, &fixture->length, &fixture->error);
  g_assert_true (fixture->ok == (fixture->error == NULL));
  fixture->is_done = TRUE;
}

static void
progress_cb (goffset done, goffset total, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true (g_thread_self () == fixture->thread);
  g_assert_false (fixture->is_done);
  g_assert_cmpint (done, <=, total);
  g_assert_cmpint (done, >=, fixture->last_done);
  fixture->last_done = done;
  fixture->last_total = total;
  fixture->n_progress++;
  if (fixture->cancel_on_progress)
    g_cancellable_cancel (fixture->cancellable);
}

static void
start (Fixture *fixture, SktExportOptions options, const char *target)
{
  fixture->is_done = FALSE;
  fixture->n_progress = 0;
  fixture->last_done = fixture->last_total = 0;
  skt_export_async (fixture->journal, &options, target, fixture->cancellable, progress_cb, fixture, finished_cb,
                    fixture);
}

static gboolean
deadline_cb (gpointer data)
{
  g_error ("the export does not end");
  return G_SOURCE_REMOVE;
}

static void
wait_until_done (Fixture *fixture)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_SECONDS, deadline_cb, NULL);

  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

static void
export_ok (Fixture *fixture, SktExportOptions options)
{
  struct stat info;

  start (fixture, options, fixture->target);
  wait_until_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (stat (fixture->target, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 07777, ==, 0600);
  g_assert_cmpuint (info.st_size, ==, fixture->length);
  g_assert_cmpuint (fixture->n_progress, >=, 1);
  g_assert_cmpint (fixture->last_done, ==, fixture->last_total);
}

static char *
read_target (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *text;
  gsize length;

  g_file_get_contents (fixture->target, &text, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, fixture->length);
  return text;
}

static char *
checksum_of_target (Fixture *fixture)
{
  g_autofree char *bytes = read_target (fixture);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, fixture->length);
}

static void
assert_text (Fixture *fixture, SktExportDirection direction, SktEncoding encoding, const char *expected)
{
  g_autofree char *text = NULL;

  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, direction, encoding });
  text = read_target (fixture);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
fill_random (guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = g_random_int ();
}

/* -- Names --------------------------------------------------------------------------------------------------- */

static void
test_names (void)
{
  const char *formats[] = { "raw", "hexdump", "text" };
  const char *directions[] = { "received", "sent", "both" };
  SktExportFormat format;
  SktExportDirection direction;

  for (guint i = 0; i < SKT_N_EXPORT_FORMATS; i++)
    {
      g_assert_true (skt_export_format_from_name (formats[i], &format));
      g_assert_cmpuint (format, ==, i);
      g_assert_true (skt_export_direction_from_name (directions[i], &direction));
      g_assert_cmpuint (direction, ==, i + 1);
    }
  g_assert_false (skt_export_format_from_name ("", &format));
  g_assert_false (skt_export_format_from_name ("RAW", &format));
  g_assert_false (skt_export_direction_from_name ("all", &direction));
  g_assert_cmpuint (format, ==, SKT_EXPORT_TEXT);
  g_assert_cmpuint (direction, ==, SKT_EXPORT_BOTH);
}

/* -- Raw ----------------------------------------------------------------------------------------------------- */

static void
test_raw (Fixture *fixture, gconstpointer data)
{
  enum { RECEIVED, SENT, BOTH, FILTERED, N_SUMS };
  const guint32 chosen[] = { 3, 1 };
  const SktExportOptions options[N_SUMS] = {
    [RECEIVED] = { SKT_EXPORT_RAW, SKT_EXPORT_RECEIVED },
    [SENT] = { SKT_EXPORT_RAW, SKT_EXPORT_SENT },
    [BOTH] = { SKT_EXPORT_RAW, SKT_EXPORT_BOTH },
    [FILTERED] = { SKT_EXPORT_RAW, SKT_EXPORT_SENT, 0, chosen, G_N_ELEMENTS (chosen) },
  };
  GChecksum *sums[N_SUMS];
  gsize lengths[N_SUMS] = { 0 };
  g_autofree guint8 *bytes = g_malloc (300000);

  for (gsize i = 0; i < N_SUMS; i++)
    sums[i] = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < 400; i++)
    {
      gsize length = i % 40 == 0 ? 100000 + g_test_rand_int_range (0, 200000) : g_test_rand_int_range (0, 3000);
      guint32 connection = g_test_rand_int_range (1, 5);
      gboolean is_received = g_test_rand_int_range (0, 2) == 0;
      gboolean is_in[N_SUMS] = { is_received, !is_received, TRUE, !is_received && connection % 2 != 0 };

      fill_random (bytes, length);
      append_at (fixture, is_received ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, connection, 0, bytes, length);
      if (i % 10 == 0)
        append (fixture, SKT_RECORD_NOTE, connection, "not payload");
      for (gsize j = 0; j < N_SUMS; j++)
        if (is_in[j])
          {
            g_checksum_update (sums[j], bytes, length);
            lengths[j] += length;
          }
    }
  publish (fixture);
  g_assert_cmpuint (lengths[BOTH], >, 1024 * 1024);

  for (gsize i = 0; i < N_SUMS; i++)
    {
      g_autofree char *sum = NULL;

      export_ok (fixture, options[i]);
      g_assert_cmpuint (fixture->length, ==, lengths[i]);
      sum = checksum_of_target (fixture);
      g_assert_cmpstr (sum, ==, g_checksum_get_string (sums[i]));
      g_checksum_free (sums[i]);
    }
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  const guint32 none = 0;

  for (SktExportFormat format = 0; format < SKT_N_EXPORT_FORMATS; format++)
    {
      export_ok (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH });
      g_assert_cmpuint (fixture->length, ==, 0);
    }
  append (fixture, SKT_RECORD_RECEIVED, 1, "hello");
  publish (fixture);
  for (SktExportFormat format = 0; format < SKT_N_EXPORT_FORMATS; format++)
    {
      export_ok (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH, 0, &none, 0 });
      g_assert_cmpuint (fixture->length, ==, 0);
      export_ok (fixture, (SktExportOptions) { format, SKT_EXPORT_SENT });
      g_assert_cmpuint (fixture->length, ==, 0);
    }
}

/* What comes, and what is cleared, after the call makes no difference to it. */
static void
test_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc (1024 * 1024);
  g_autofree char *expected = NULL;
  g_autofree char *sum = NULL;
  guint64 size_before;

  fill_random (bytes, 1024 * 1024);
  append_at (fixture, SKT_RECORD_RECEIVED, 1, 0, bytes, 1024 * 1024);
  expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, 1024 * 1024);
  publish (fixture);
  start (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH }, fixture->target);
  append (fixture, SKT_RECORD_RECEIVED, 1, "later");
  publish (fixture);
  size_before = skt_journal_get_disk_size (fixture->journal);
  skt_journal_set_first_record (fixture->journal, 1);
  skt_journal_release (fixture->journal);
  wait_until_done (fixture);
  g_assert_no_error (fixture->error);
  sum = checksum_of_target (fixture);
  g_assert_cmpstr (sum, ==, expected);
  /* The space was given back when the export had ended. */
  skt_journal_release (fixture->journal);
  if (skt_journal_get_disk_size (fixture->journal) == size_before)
    g_test_message ("this file system cannot give back space in the middle of a file");
  else
    g_assert_cmpuint (skt_journal_get_disk_size (fixture->journal), <, 100000);

  /* And cleared is cleared for the next one. */
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH });
  g_assert_cmpuint (fixture->length, ==, strlen ("later"));
}

/* -- Hexdump ------------------------------------------------------------------------------------------------- */

static void
test_hexdump (Fixture *fixture, gconstpointer data)
{
  g_autofree char *program = g_find_program_in_path ("hexdump");
  g_autofree char *raw = g_build_filename (fixture->folder, "raw", NULL);
  g_autofree guint8 *bytes = g_malloc0 (50000);
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    {
      g_test_skip ("no hexdump");
      return;
    }
  /* Runs of the same line, over borders of records too. */
  fill_random (bytes, 20000);
  fill_random (bytes + 30000, 10001);
  for (gsize at = 0; at < 50000 - 7;)
    {
      gsize length = MIN (50000 - 7 - at, (gsize) 1 + at % 997);

      append_at (fixture, at % 2 != 0 ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, 1, 0, bytes + at, length);
      at += length;
    }
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH });
  g_assert_cmpint (g_rename (fixture->target, raw), ==, 0);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_HEXDUMP, SKT_EXPORT_BOTH });
  text = read_target (fixture);

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "-C", raw, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &expected, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  g_assert_nonnull (strstr (text, "\n*\n"));
  g_assert_cmpint (g_unlink (raw), ==, 0);
}

/* -- Text ---------------------------------------------------------------------------------------------------- */

#define STAMP "2026-11-21 12:34:56.789123"
#define STAMP_INDENT "                          "
#define PEER "127.0.0.1:53412"
#define PEER_INDENT "   " "               " "  "

static void
test_text (Fixture *fixture, gconstpointer data)
{
  append (fixture, SKT_RECORD_LISTENING, 0, "0.0.0.0:7788");
  append (fixture, SKT_RECORD_OPENED, 1, "127.0.0.1:7788 " PEER);
  append (fixture, SKT_RECORD_RECEIVED, 1, "first line\r\nsecond\n\nlast");
  append_at (fixture, SKT_RECORD_SENT, 1, TIME_NS + 1000001000, "answer\n", 7);
  append (fixture, SKT_RECORD_RECEIVED, 9, "unknown peer");
  append (fixture, SKT_RECORD_PEER_FINISHED, 1, "");
  publish (fixture);
  assert_text (fixture, SKT_EXPORT_RECEIVED, SKT_ENCODING_UTF_8,
               STAMP " ← " PEER "  first line\n"
               STAMP_INDENT PEER_INDENT "second\n"
               STAMP_INDENT PEER_INDENT "\n"
               STAMP_INDENT PEER_INDENT "last\n"
               STAMP " ← #9  unknown peer\n");
  assert_text (fixture, SKT_EXPORT_SENT, SKT_ENCODING_UTF_8,
               "2026-11-21 12:34:57.789124 → " PEER "  answer\n");
  assert_text (fixture, SKT_EXPORT_BOTH, SKT_ENCODING_UTF_8,
               STAMP " · listening on 0.0.0.0:7788\n"
               STAMP " · " PEER "  connected: 127.0.0.1:7788 → " PEER "\n"
               STAMP " ← " PEER "  first line\n"
               STAMP_INDENT PEER_INDENT "second\n"
               STAMP_INDENT PEER_INDENT "\n"
               STAMP_INDENT PEER_INDENT "last\n"
               "2026-11-21 12:34:57.789124 → " PEER "  answer\n"
               STAMP " ← #9  unknown peer\n"
               STAMP " · " PEER "  the peer has finished sending (FIN)\n");
}

/* Only the chosen connections, and their events. The peers' names come from records that were cleared too. */
static void
test_text_filter (Fixture *fixture, gconstpointer data)
{
  const guint32 chosen = 2;
  g_autofree char *text = NULL;

  append (fixture, SKT_RECORD_OPENED, 1, "127.0.0.1:1 127.0.0.1:11");
  append (fixture, SKT_RECORD_OPENED, 2, "[::1]:1 [::1]:22");
  append (fixture, SKT_RECORD_RECEIVED, 2, "cleared");
  append (fixture, SKT_RECORD_RECEIVED, 1, "one");
  append (fixture, SKT_RECORD_RECEIVED, 2, "two");
  append (fixture, SKT_RECORD_PEER_FINISHED, 1, "");
  append (fixture, SKT_RECORD_PEER_FINISHED, 2, "");
  publish (fixture);
  skt_journal_set_first_record (fixture->journal, 3);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, SKT_EXPORT_BOTH, SKT_ENCODING_UTF_8, &chosen, 1 });
  text = read_target (fixture);
  g_assert_cmpstr (text, ==,
                   STAMP " ← [::1]:22  two\n"
                   STAMP " · [::1]:22  the peer has finished sending (FIN)\n");
}

static void
test_text_split_character (Fixture *fixture, gconstpointer data)
{
  /* 你好 in GBK, cut in both characters, between another connection's and the other direction's bytes. */
  append (fixture, SKT_RECORD_RECEIVED, 1, "a\xC4");
  append (fixture, SKT_RECORD_RECEIVED, 2, "b");
  append (fixture, SKT_RECORD_SENT, 1, "c");
  append (fixture, SKT_RECORD_RECEIVED, 1, "\xE3\xBA");
  append (fixture, SKT_RECORD_RECEIVED, 1, "\xC3\n");
  publish (fixture);
  assert_text (fixture, SKT_EXPORT_RECEIVED | SKT_EXPORT_SENT, SKT_ENCODING_GBK,
               STAMP " ← #1  a\n"
               STAMP " ← #2  b\n"
               STAMP " → #1  c\n"
               STAMP " ← #1  你\n"
               STAMP " ← #1  好\n");
}

/* What was begun and never finished is not missing. */
static void
test_text_unfinished (Fixture *fixture, gconstpointer data)
{
  append (fixture, SKT_RECORD_RECEIVED, 1, "a\xE4\xBD");
  append (fixture, SKT_RECORD_SENT, 1, "b\xF0\x9F\x98");
  append (fixture, SKT_RECORD_RECEIVED, 2, "c\xE4");
  append (fixture, SKT_RECORD_CLOSED, 1, "");
  publish (fixture);
  assert_text (fixture, SKT_EXPORT_RECEIVED, SKT_ENCODING_UTF_8,
               STAMP " ← #1  a\n"
               STAMP " ← #2  c\n"
               STAMP " ← #1  \\xE4\\xBD\n"
               STAMP " ← #2  \\xE4\n");
  assert_text (fixture, SKT_EXPORT_SENT, SKT_ENCODING_UTF_8,
               STAMP " → #1  b\n"
               STAMP " → #1  \\xF0\\x9F\\x98\n");
}

/* Nothing that came from the peer can drive a terminal that shows the file. */
static void
test_text_controls (Fixture *fixture, gconstpointer data)
{
  const char bytes[] = "\x1b[31m\x07\0\x7f\r|\t|\xC2\x9B|\xC2\xA0|\xC3\xA9|\xFF|\xE2\x80\xAE\r\n";
  g_autofree char *text = NULL;

  append (fixture, SKT_RECORD_OPENED, 1, "local \x1b]0;evil\x07\xC2\x9B\xFF");
  append_at (fixture, SKT_RECORD_RECEIVED, 1, TIME_NS, bytes, sizeof bytes - 1);
  append (fixture, SKT_RECORD_NOTE, 1, "\x1b[2J\xC2\x9B");
  append (fixture, SKT_RECORD_OPENED, 2, "no-remote");
  append (fixture, SKT_RECORD_OPENED, 3, "no-remote ");
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, SKT_EXPORT_BOTH, SKT_ENCODING_UTF_8 });
  text = read_target (fixture);
  g_assert_nonnull (strstr (text, STAMP " ← \\x1B]0;evil\\x07\\u009B\xEF\xBF\xBD  "
                                  "\\x1B[31m\\x07\\x00\\x7F\\x0D|\\x09|\\u009B|\xC2\xA0|é|\\xFF|\xE2\x80\xAE\n"));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (*p != '\n')
      g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
  g_assert_nonnull (strstr (text, " · #2  "));
  g_assert_nonnull (strstr (text, " · #3  "));
}

/* A line that never ends is cut at 1,024 bytes, between characters. */
static void
test_text_long_line (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) bytes = g_string_new ("x");
  g_autoptr (GString) joined = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  const gsize indent = strlen (STAMP " ? #1  ");

  for (guint i = 0; i < 100000; i++)
    g_string_append (bytes, "水");
  append_at (fixture, SKT_RECORD_RECEIVED, 1, TIME_NS, bytes->str, bytes->len);
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, SKT_EXPORT_BOTH, SKT_ENCODING_UTF_8 });
  text = read_target (fixture);
  lines = g_strsplit (text, "\n", -1);
  /* 1 + 341 x 3 bytes in the first, 341 x 3 in the others; and nothing after the last line end. */
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + (100000 - 341 + 340) / 341 + 1);
  for (gsize i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      const char *row = g_utf8_offset_to_pointer (lines[i], indent);

      g_assert_cmpuint (strlen (row), <=, 1024);
      if (i > 0)
        g_assert_cmpuint (strspn (lines[i], " "), ==, indent);
      g_string_append (joined, row);
    }
  g_assert_cmpstr (joined->str, ==, bytes->str);
}

/* Every encoding, any bytes, cut anywhere: UTF-8 comes out. */
static void
test_text_random (Fixture *fixture, gconstpointer data)
{
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      g_autofree char *text = NULL;
      guint8 bytes[600];

      fill_random (bytes, sizeof bytes);
      for (gsize at = 0; at < sizeof bytes;)
        {
          gsize length = MIN (sizeof bytes - at, 1 + at % 7);

          append_at (fixture, SKT_RECORD_RECEIVED, encoding, 0, bytes + at, length);
          at += length;
        }
      publish (fixture);
      export_ok (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, SKT_EXPORT_BOTH, encoding });
      text = read_target (fixture);
      g_assert_true (g_utf8_validate (text, fixture->length, NULL));
    }
}

/* Times that no calendar has. */
static void
test_text_times (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  append_at (fixture, SKT_RECORD_RECEIVED, 1, 1, "a", 1);
  append_at (fixture, SKT_RECORD_RECEIVED, 1, G_MAXUINT64, "b", 1);
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, SKT_EXPORT_BOTH });
  text = read_target (fixture);
  g_assert_true (g_str_has_prefix (text, "1970-01-01 00:00:00.000000 ← #1  a\n2554-07-21 23:34:33.709551 ← #1  b\n"));
}

/* -- What can go wrong --------------------------------------------------------------------------------------- */

static void
write_old_target (Fixture *fixture)
{
  g_assert_true (g_file_set_contents (fixture->target, "old", -1, NULL));
}

/* The old file is as it was, and nothing else is in the folder (which the end of the test checks too). */
static void
assert_old_target (Fixture *fixture)
{
  g_autofree char *text = NULL;
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_assert_true (g_file_get_contents (fixture->target, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_equal (name, "target") || g_str_equal (name, "session"));
}

static void
append_much (Fixture *fixture)
{
  g_autofree guint8 *bytes = g_malloc (64 * 1024);

  for (guint i = 0; i < 256; i++)
    {
      memset (bytes, 'a' + i % 26, 64 * 1024);
      append_at (fixture, SKT_RECORD_RECEIVED, 1, TIME_NS, bytes, 64 * 1024);
    }
  publish (fixture);
}

static void
test_cancel_before (Fixture *fixture, gconstpointer data)
{
  append_much (fixture);
  write_old_target (fixture);
  g_cancellable_cancel (fixture->cancellable);
  start (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH }, fixture->target);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_old_target (fixture);
}

static void
test_cancel_during (Fixture *fixture, gconstpointer data)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_SECONDS * G_USEC_PER_SEC;

  append_much (fixture);
  fixture->cancel_on_progress = TRUE;
  /* On a busy machine the worker may have ended before the first progress is told here. */
  do
    {
      g_cancellable_reset (fixture->cancellable);
      write_old_target (fixture);
      start (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, SKT_EXPORT_BOTH }, fixture->target);
      wait_until_done (fixture);
      g_assert_cmpuint (fixture->n_progress, >=, 1);
    }
  while (fixture->ok && g_get_monotonic_time () < deadline);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_old_target (fixture);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", "target", NULL);
  g_autofree char *through_file = g_build_filename (fixture->target, "target", NULL);
  const SktExportOptions options = { SKT_EXPORT_RAW, SKT_EXPORT_BOTH };

  append (fixture, SKT_RECORD_RECEIVED, 1, "hello");
  publish (fixture);
  start (fixture, options, missing);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (fixture->error->message, missing));

  write_old_target (fixture);
  start (fixture, options, through_file);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  assert_old_target (fixture);

  start (fixture, options, fixture->folder);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  assert_old_target (fixture);
  start (fixture, options, "/");
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

/* Known before anything is written. */
static void
test_name_too_long (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strnfill (300, 'x');
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  start (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH }, path);
  wait_until_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG);
}

/* A link at the target is replaced, and where it points to is not written. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autofree char *text = NULL;

  append (fixture, SKT_RECORD_RECEIVED, 1, "hello");
  publish (fixture);
  g_assert_true (g_file_set_contents (other, "precious", -1, NULL));
  g_assert_cmpint (symlink ("other", fixture->target), ==, 0);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH });
  g_assert_false (g_file_test (fixture->target, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (other, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "precious");
  g_assert_cmpint (g_unlink (other), ==, 0);
}

static void
set_file_limit (rlim_t limit)
{
  struct rlimit now;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &now), ==, 0);
  now.rlim_cur = limit == RLIM_INFINITY ? now.rlim_max : limit;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &now), ==, 0);
}

static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  const rlim_t limits[] = { 0, 1, 100000, 5000000 };

  append_much (fixture);
  write_old_target (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    for (SktExportFormat format = 0; format < SKT_N_EXPORT_FORMATS; format++)
      {
        set_file_limit (limits[i]);
        start (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH }, fixture->target);
        wait_until_done (fixture);
        set_file_limit (RLIM_INFINITY);
        /* So short is the dump of one letter repeated. */
        if (fixture->ok && format == SKT_EXPORT_HEXDUMP && limits[i] >= 100000)
          {
            write_old_target (fixture);
            continue;
          }
        g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        g_assert_nonnull (strstr (fixture->error->message, fixture->target));
        assert_old_target (fixture);
      }
}

/* Files that were cut off under it: no export is better than one that is silently short. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *payload = g_build_filename (skt_journal_get_path (fixture->journal), "payload", NULL);

  append_much (fixture);
  write_old_target (fixture);
  g_assert_cmpint (truncate (payload, 1000000), ==, 0);
  for (SktExportFormat format = 0; format < SKT_N_EXPORT_FORMATS; format++)
    {
      start (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH }, fixture->target);
      wait_until_done (fixture);
      g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      assert_old_target (fixture);
    }
}

/* In a context of the caller's own, and the journal given up by the caller meanwhile. */
static void
test_context (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  append_much (fixture);
  g_main_context_push_thread_default (context);
  start (fixture, (SktExportOptions) { SKT_EXPORT_RAW, SKT_EXPORT_BOTH }, fixture->target);
  g_clear_pointer (&fixture->journal, skt_journal_unref);
  while (!fixture->is_done)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->length, ==, 256 * 64 * 1024);
}

#define ADD(name, func) g_test_add ("/core/export/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/export/names", test_names);
  ADD ("raw", test_raw);
  ADD ("empty", test_empty);
  ADD ("snapshot", test_snapshot);
  ADD ("hexdump", test_hexdump);
  ADD ("text", test_text);
  ADD ("text-filter", test_text_filter);
  ADD ("text-split-character", test_text_split_character);
  ADD ("text-unfinished", test_text_unfinished);
  ADD ("text-controls", test_text_controls);
  ADD ("text-long-line", test_text_long_line);
  ADD ("text-random", test_text_random);
  ADD ("text-times", test_text_times);
  ADD ("cancel-before", test_cancel_before);
  ADD ("cancel-during", test_cancel_during);
  ADD ("no-folder", test_no_folder);
  ADD ("name-too-long", test_name_too_long);
  ADD ("link", test_link);
  ADD ("disk-full", test_disk_full);
  ADD ("damaged", test_damaged);
  ADD ("context", test_context);
  return g_test_run ();
}
