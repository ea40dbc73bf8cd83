/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"

#include <string.h>

#include "skt-selection.h"

static char *
copy (SktJournal *journal, SktEncoding encoding, SktPosition from, SktPosition to, SktCopyFormat format)
{
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, encoding, 16);
  g_autoptr (GError) error = NULL;
  guint64 n_bytes = G_MAXUINT64;
  char *text = skt_selection_copy (journal, layout, from, to, format, NULL, &n_bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, !=, G_MAXUINT64);
  return text;
}

static void
check (SktJournal *journal, SktEncoding encoding, SktPosition from, SktPosition to, SktCopyFormat format,
       const char *wanted)
{
  g_autofree char *text = copy (journal, encoding, from, to, format);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_names (void)
{
  static const char *const names[] = { "text", "hex", "hexdump", "c", "python", "escaped", "base64", "json" };
  SktCopyFormat format;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (skt_copy_format_from_name (names[i], &format));
      g_assert_cmpuint (format, ==, i);
    }
  g_assert_cmpuint (G_N_ELEMENTS (names), ==, SKT_N_COPY_FORMATS);
  g_assert_false (skt_copy_format_from_name ("as-shown", &format));
}

/* The bytes of both directions one after another, without the event between them. */
static void
test_formats (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktPosition from = { 0, 1 }, to = { 2, 2 };

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "he'\\", 4);
  check_journal_add (journal, SKT_RECORD_NOTE, 1, "not this", 8);
  check_journal_add (journal, SKT_RECORD_SENT, 1, "\n\xffz", 3);
  check (journal, SKT_ENCODING_UTF_8, from, to, SKT_COPY_C_ARRAY,
         "const unsigned char data[5] = {\n  0x65, 0x27, 0x5c, 0x0a, 0xff,\n};\n");
  check (journal, SKT_ENCODING_UTF_8, from, to, SKT_COPY_PYTHON, "b'e\\'\\\\\\n\\xff'");
  check (journal, SKT_ENCODING_UTF_8, from, to, SKT_COPY_ESCAPED, "e'\\\\\\n\\xFF");
  check (journal, SKT_ENCODING_UTF_8, from, to, SKT_COPY_BASE64, "ZSdcCv8=");
}

/* The view's encoding says what a character is. */
static void
test_encoding (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktPosition from = { 0, 0 }, to = { 1, 2 };

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "\xc4\xe3\xba", 3);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "\xc3!", 2);
  check (journal, SKT_ENCODING_GBK, from, to, SKT_COPY_ESCAPED, "你好!");
  check (journal, SKT_ENCODING_UTF_8, from, to, SKT_COPY_ESCAPED, "\\xC4\\xE3\\xBA\\xC3!");
}

static void
test_nothing (void)
{
  static const char *const wanted[SKT_N_COPY_FORMATS] = { "", "", "", "", "b''", "", "", "[\n]\n" };
  g_autoptr (SktJournal) journal = check_journal_new ();

  check_journal_add (journal, SKT_RECORD_NOTE, 1, "not this", 8);
  for (guint format = SKT_COPY_C_ARRAY; format < SKT_N_COPY_FORMATS; format++)
    check (journal, SKT_ENCODING_UTF_8, (SktPosition){ 0, 0 }, (SktPosition){ 1, 0 }, format, wanted[format]);
}

/* -- JSON ------------------------------------------------------------------------------------------------------ */

static void
add_at (SktJournal *journal, SktRecordKind kind, guint32 connection, guint64 time_ns, guint64 stream_offset,
        const char *bytes, gsize length)
{
  SktRecord record = { .kind = kind, .connection = connection, .time_ns = time_ns, .stream_offset = stream_offset,
                       .length = length };

  g_assert_true (skt_journal_append (journal, &record, (const guint8 *) bytes, length, NULL));
  g_assert_true (skt_journal_flush (journal, NULL));
}

static SktJournal *
new_conversation (void)
{
  SktJournal *journal = check_journal_new ();
  const guint64 second = 1000000000;
  const char *opened = "127.0.0.1:7788 127.0.0.1:50123";

  add_at (journal, SKT_RECORD_OPENED, 1, 1600000000 * second, 0, opened, strlen (opened));
  add_at (journal, SKT_RECORD_RECEIVED, 1, 1600000000 * second + 1, 100, "he\xe4\xbd", 4);
  add_at (journal, SKT_RECORD_SENT, 1, 1600000001 * second + 20, 0, "\"q\"\r\n", 5);
  add_at (journal, SKT_RECORD_RECEIVED, 1, 1600000002 * second, 104, "\xa0\xff\0", 3);
  add_at (journal, SKT_RECORD_RECEIVED, 9, 1600000003 * second, 0, "x", 1);
  return journal;
}

static void
test_json (void)
{
  g_autoptr (SktJournal) journal = new_conversation ();

  check (journal, SKT_ENCODING_UTF_8, (SktPosition){ 0, 0 }, (SktPosition){ 5, 0 }, SKT_COPY_JSON,
         "[\n"
         "  {\"time\": \"2020-09-13T12:26:40.000000001Z\", \"direction\": \"received\", \"connection\": 1, "
         "\"peer\": \"127.0.0.1:50123\", \"offset\": 100, \"hex\": \"6865e4bd\", \"text\": \"he\"},\n"
         "  {\"time\": \"2020-09-13T12:26:41.000000020Z\", \"direction\": \"sent\", \"connection\": 1, "
         "\"peer\": \"127.0.0.1:50123\", \"offset\": 0, \"hex\": \"2271220d0a\", \"text\": \"\\\"q\\\"\\r\\n\"},\n"
         "  {\"time\": \"2020-09-13T12:26:42.000000000Z\", \"direction\": \"received\", \"connection\": 1, "
         "\"peer\": \"127.0.0.1:50123\", \"offset\": 104, \"hex\": \"a0ff00\", \"text\": \"你\\\\xFF\\u0000\"},\n"
         "  {\"time\": \"2020-09-13T12:26:43.000000000Z\", \"direction\": \"received\", \"connection\": 9, "
         "\"peer\": null, \"offset\": 0, \"hex\": \"78\", \"text\": \"x\"}\n"
         "]\n");
  /* Of the bytes that are selected, and no others. */
  check (journal, SKT_ENCODING_UTF_8, (SktPosition){ 2, 1 }, (SktPosition){ 3, 1 }, SKT_COPY_JSON,
         "[\n"
         "  {\"time\": \"2020-09-13T12:26:41.000000020Z\", \"direction\": \"sent\", \"connection\": 1, "
         "\"peer\": \"127.0.0.1:50123\", \"offset\": 1, \"hex\": \"71220d0a\", \"text\": \"q\\\"\\r\\n\"},\n"
         "  {\"time\": \"2020-09-13T12:26:42.000000000Z\", \"direction\": \"received\", \"connection\": 1, "
         "\"peer\": \"127.0.0.1:50123\", \"offset\": 104, \"hex\": \"a0\", \"text\": \"\\\\xA0\"}\n"
         "]\n");
}

/* Another program reads it, and the bytes in it are the same. */
static void
test_json_is_json (void)
{
  g_autofree char *python = g_find_program_in_path ("python3");
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL, *hex = NULL, *found = NULL;
  const char *program = "import json, sys\n"
                        "for r in json.load(sys.stdin):\n"
                        "    assert r['direction'] in ('received', 'sent') and isinstance(r['text'], str)\n"
                        "    print(bytes.fromhex(r['hex']).hex(' '))\n";

  if (python == NULL)
    {
      g_test_skip ("no python3");
      return;
    }
  check_journal_add_random (journal, rand, 200, 50);
  json = copy (journal, SKT_ENCODING_GB18030, (SktPosition){ 0, 0 }, (SktPosition){ 200, 0 }, SKT_COPY_JSON);
  hex = copy (journal, SKT_ENCODING_GB18030, (SktPosition){ 0, 0 }, (SktPosition){ 200, 0 }, SKT_COPY_HEX);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, python, "-X",
                              "utf8", "-c", program, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, json, NULL, &found, NULL, &error));
  g_assert_true (g_subprocess_get_successful (process));
  g_assert_cmpstr (g_strchomp (found), ==, hex);
}

/* -- Limits ---------------------------------------------------------------------------------------------------- */

static void
test_too_large (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_HEX, SKT_ENCODING_UTF_8, 16);
  gsize piece = 1024 * 1024;
  g_autofree char *bytes = g_malloc0 (piece);

  for (gsize n = 0; n <= SKT_COPY_MAX_BYTES; n += piece)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, piece);
  for (guint format = SKT_COPY_C_ARRAY; format < SKT_N_COPY_FORMATS; format++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (skt_selection_copy (journal, layout, (SktPosition){ 0, 0 }, (SktPosition){ 33, 0 }, format, NULL,
                                         NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (SktJournal) journal = new_conversation ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_HEX, SKT_ENCODING_UTF_8, 16);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  for (guint format = 0; format < SKT_N_COPY_FORMATS; format++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (skt_selection_copy (journal, layout, (SktPosition){ 0, 0 }, (SktPosition){ 5, 0 }, format,
                                         cancellable, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/copy/names", test_names);
  g_test_add_func ("/core/copy/formats", test_formats);
  g_test_add_func ("/core/copy/encoding", test_encoding);
  g_test_add_func ("/core/copy/nothing", test_nothing);
  g_test_add_func ("/core/copy/json", test_json);
  g_test_add_func ("/core/copy/json-is-json", test_json_is_json);
  g_test_add_func ("/core/copy/too-large", test_too_large);
  g_test_add_func ("/core/copy/cancelled", test_cancelled);
  return g_test_run ();
}
