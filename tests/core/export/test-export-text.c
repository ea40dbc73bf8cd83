/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-export.h"

#include <string.h>

static void
assert_text (Fixture *fixture, SktExportDirection direction, SktEncoding encoding, const char *expected)
{
  g_autofree char *text = NULL;

  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_TEXT, direction, encoding });
  text = read_target (fixture);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpstr (text, ==, expected);
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
                                  "\\x1B[31m\\x07\\0\\x7F\\r|\\t|\\u009B|\xC2\xA0|é|\\xFF|\xE2\x80\xAE\n"));
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

void
add_text_tests (void)
{
  ADD ("text", test_text);
  ADD ("text-filter", test_text_filter);
  ADD ("text-split-character", test_text_split_character);
  ADD ("text-unfinished", test_text_unfinished);
  ADD ("text-controls", test_text_controls);
  ADD ("text-long-line", test_text_long_line);
  ADD ("text-random", test_text_random);
  ADD ("text-times", test_text_times);
}
