/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-export.h"

#include <string.h>

static void
assert_file (Fixture *fixture, SktExportOptions options, const char *expected)
{
  g_autofree char *text = NULL;

  export_ok (fixture, options);
  text = read_target (fixture);
  g_assert_true (g_utf8_validate (text, fixture->length, NULL));
  g_assert_cmpstr (text, ==, expected);
}

#define HEADER "record,time,direction,event,connection,local,peer,stream_offset,length,hex,text\r\n"
#define STAMP "2026-11-21T12:34:56.789123456+00:00"

static void
append_some (Fixture *fixture)
{
  SktRecord record = { .kind = SKT_RECORD_SENT, .connection = 2, .time_ns = TIME_NS + 1, .stream_offset = 5000000000 };

  append (fixture, SKT_RECORD_LISTENING, 0, "[::]:7788");
  append (fixture, SKT_RECORD_OPENED, 2, "[::1]:7788 [::1]:50000");
  append (fixture, SKT_RECORD_RECEIVED, 2, "say \"hi\",\r\n\tyou\\");
  g_assert_true (skt_journal_append (fixture->journal, &record, (const guint8 *) "ok", 2, NULL));
  append (fixture, SKT_RECORD_PEER_FINISHED, 2, "");
  publish (fixture);
}

static void
test_csv (Fixture *fixture, gconstpointer data)
{
  append_some (fixture);
  assert_file (fixture, (SktExportOptions) { SKT_EXPORT_CSV, SKT_EXPORT_BOTH },
               HEADER
               "0," STAMP ",,\"listening\",,,,,,,\"listening on [::]:7788\"\r\n"
               "1," STAMP ",,\"opened\",2,\"[::1]:7788\",\"[::1]:50000\",,,,"
               "\"connected: [::1]:7788 → [::1]:50000\"\r\n"
               "2," STAMP ",\"received\",,2,\"[::1]:7788\",\"[::1]:50000\",0,16,"
               "\"73 61 79 20 22 68 69 22 2c 0d 0a 09 79 6f 75 5c\",\"say \"\"hi\"\",\\r\\n\\tyou\\\"\r\n"
               "3,2026-11-21T12:34:56.789123457+00:00,\"sent\",,2,\"[::1]:7788\",\"[::1]:50000\",5000000000,2,"
               "\"6f 6b\",\"ok\"\r\n"
               "4," STAMP ",,\"peer-finished\",2,\"[::1]:7788\",\"[::1]:50000\",,,,"
               "\"the peer has finished sending (FIN)\"\r\n");
  assert_file (fixture, (SktExportOptions) { SKT_EXPORT_CSV, SKT_EXPORT_SENT },
               HEADER
               "3,2026-11-21T12:34:56.789123457+00:00,\"sent\",,2,\"[::1]:7788\",\"[::1]:50000\",5000000000,2,"
               "\"6f 6b\",\"ok\"\r\n");
}

static void
test_json_lines (Fixture *fixture, gconstpointer data)
{
  append_some (fixture);
  assert_file (fixture, (SktExportOptions) { SKT_EXPORT_JSON_LINES, SKT_EXPORT_BOTH },
               "{\"record\":0,\"time\":\"" STAMP "\",\"event\":\"listening\",\"text\":\"listening on [::]:7788\"}\n"
               "{\"record\":1,\"time\":\"" STAMP "\",\"event\":\"opened\",\"connection\":2,\"local\":\"[::1]:7788\","
               "\"peer\":\"[::1]:50000\",\"text\":\"connected: [::1]:7788 → [::1]:50000\"}\n"
               "{\"record\":2,\"time\":\"" STAMP "\",\"direction\":\"received\",\"connection\":2,"
               "\"local\":\"[::1]:7788\",\"peer\":\"[::1]:50000\",\"stream_offset\":0,\"length\":16,"
               "\"hex\":\"73617920226869222c0d0a09796f755c\",\"text\":\"say \\\"hi\\\",\\r\\n\\tyou\\\\\"}\n"
               "{\"record\":3,\"time\":\"2026-11-21T12:34:56.789123457+00:00\",\"direction\":\"sent\","
               "\"connection\":2,\"local\":\"[::1]:7788\",\"peer\":\"[::1]:50000\",\"stream_offset\":5000000000,"
               "\"length\":2,\"hex\":\"6f6b\",\"text\":\"ok\"}\n"
               "{\"record\":4,\"time\":\"" STAMP "\",\"event\":\"peer-finished\",\"connection\":2,"
               "\"local\":\"[::1]:7788\",\"peer\":\"[::1]:50000\",\"text\":\"the peer has finished sending (FIN)\"}\n");
}

/* A spreadsheet must not take what a peer sent for a formula; what is taken away again is one apostrophe. */
static void
test_formulas (Fixture *fixture, gconstpointer data)
{
  const char *texts[] = { "=1+1", "+1", "-1", "@x", "'x", "＝x", "\t=1", "x=1", " =1" };
  const char *expected[] = { "'=1+1", "'+1", "'-1", "'@x", "''x", "'＝x", "\\t=1", "x=1", " =1" };
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  append (fixture, SKT_RECORD_OPENED, 1, "=cmd() @host");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    append (fixture, SKT_RECORD_RECEIVED, 1, texts[i]);
  append (fixture, SKT_RECORD_NOTE, 1, "=note");
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_CSV, SKT_EXPORT_BOTH });
  text = read_target (fixture);
  lines = g_strsplit (text, "\r\n", -1);
  g_assert_nonnull (strstr (lines[1], ",\"'=cmd()\",\"'@host\","));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *end = g_strdup_printf (",\"%s\"", expected[i]);

      g_assert_true (g_str_has_suffix (lines[2 + i], end));
    }
  g_assert_true (g_str_has_suffix (lines[2 + G_N_ELEMENTS (texts)], ",\"'=note\""));
  g_free (text);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_JSON_LINES, SKT_EXPORT_BOTH });
  text = read_target (fixture);
  g_assert_nonnull (strstr (text, "\"text\":\"=1+1\""));
}

/* What would drive a terminal, end a line or turn round its neighbours is written out. */
static void
test_controls (Fixture *fixture, gconstpointer data)
{
  const char bytes[] = "\x1b[31m\0\x08\x0c\x7f\xC2\x85\xE2\x80\xA8\xE2\x80\xAE\xEF\xBB\xBF😀\xFF";

  append_at (fixture, SKT_RECORD_RECEIVED, 1, TIME_NS, bytes, sizeof bytes - 1);
  publish (fixture);
  assert_file (fixture, (SktExportOptions) { SKT_EXPORT_CSV, SKT_EXPORT_RECEIVED },
               HEADER "0," STAMP ",\"received\",,1,,,0,25,"
               "\"1b 5b 33 31 6d 00 08 0c 7f c2 85 e2 80 a8 e2 80 ae ef bb bf f0 9f 98 80 ff\","
               "\"\\x1B[31m\\x00\\x08\\x0C\\x7F\\u0085\\u2028\\u202E\\uFEFF😀\\xFF\"\r\n");
  assert_file (fixture, (SktExportOptions) { SKT_EXPORT_JSON_LINES, SKT_EXPORT_RECEIVED },
               "{\"record\":0,\"time\":\"" STAMP "\",\"direction\":\"received\",\"connection\":1,"
               "\"stream_offset\":0,\"length\":25,\"hex\":\"1b5b33316d00080c7fc285e280a8e280aeefbbbff09f9880ff\","
               "\"text\":\"\\u001b[31m\\u0000\\b\\f\\u007f\\u0085\\u2028\\u202e\\ufeff😀\\\\xFF\"}\n");
}

/* A character that two reads share is in the text of the second. */
static void
test_split (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  append (fixture, SKT_RECORD_RECEIVED, 1, "a\xC4");
  append (fixture, SKT_RECORD_RECEIVED, 2, "b");
  append (fixture, SKT_RECORD_RECEIVED, 1, "\xE3\xBA");
  append (fixture, SKT_RECORD_RECEIVED, 1, "\xC3");
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_JSON_LINES, SKT_EXPORT_BOTH, SKT_ENCODING_GBK });
  text = read_target (fixture);
  g_assert_nonnull (strstr (text, "\"hex\":\"61c4\",\"text\":\"a\"}"));
  g_assert_nonnull (strstr (text, "\"hex\":\"e3ba\",\"text\":\"你\"}"));
  g_assert_nonnull (strstr (text, "\"hex\":\"c3\",\"text\":\"好\"}"));
}

/* The time in the zone of this machine, and that of a moment when it was another. */
static void
test_zones (Fixture *fixture, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_autofree char *text = NULL;

      append_at (fixture, SKT_RECORD_RECEIVED, 1, TIME_NS, "w", 1);
      append_at (fixture, SKT_RECORD_RECEIVED, 1, G_GUINT64_CONSTANT (1784635200) * 1000000000, "s", 1);
      publish (fixture);
      export_ok (fixture, (SktExportOptions) { SKT_EXPORT_CSV, SKT_EXPORT_RECEIVED });
      text = read_target (fixture);
      g_assert_nonnull (strstr (text, "0,2026-11-21T13:34:56.789123456+01:00,"));
      g_assert_nonnull (strstr (text, "1,2026-07-21T14:00:00.000000000+02:00,"));
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

/* -- Read by others ------------------------------------------------------------------------------------------- */

static const char program[] =
  "import csv, hashlib, json, sys\n"
  "path, kind = sys.argv[1:]\n"
  "sums = {'received': hashlib.sha256(), 'sent': hashlib.sha256()}\n"
  "def take(row):\n"
  "    if row.get('direction'):\n"
  "        data = bytes.fromhex(row['hex'])\n"
  "        assert len(data) == int(row['length']), row\n"
  "        sums[row['direction']].update(data)\n"
  "if kind == 'csv':\n"
  "    csv.field_size_limit(1 << 30)\n"
  "    with open(path, newline='', encoding='utf-8') as f:\n"
  "        rows = list(csv.DictReader(f, strict=True))\n"
  "    assert all(None not in row and None not in row.values() for row in rows)\n"
  "else:\n"
  "    with open(path, newline='\\n', encoding='utf-8') as f:\n"
  "        rows = [json.loads(line) for line in f.read().splitlines()]\n"
  "for row in rows:\n"
  "    take(row)\n"
  "assert [int(row['record']) for row in rows] == list(range(len(rows)))\n"
  "print(sums['received'].hexdigest(), sums['sent'].hexdigest(), end='')\n";

static char *
run_python (const char *path, const char *kind)
{
  g_autofree char *python = g_find_program_in_path ("python3");
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  if (python == NULL)
    return NULL;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, python, "-c", program, path, kind, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return output;
}

/* Any bytes, in records of any size, in any encoding. */
static void
test_python (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GChecksum) received = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GChecksum) sent = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *bytes = g_malloc (300000);
  g_autofree char *expected = NULL;

  for (guint i = 0; i < 300; i++)
    {
      const gsize length = i % 100 == 99 ? 300000 : g_test_rand_int_range (0, 2000);
      const gboolean is_received = g_test_rand_bit ();

      fill_random (bytes, length);
      append_at (fixture, is_received ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, 1 + i % 3, 0, bytes, length);
      g_checksum_update (is_received ? received : sent, bytes, length);
      if (i % 10 == 0)
        append (fixture, SKT_RECORD_NOTE, 1, "a \"note\",\n=x");
    }
  publish (fixture);
  expected = g_strconcat (g_checksum_get_string (received), " ", g_checksum_get_string (sent), NULL);
  for (SktEncoding encoding = 0; encoding < SKT_N_ENCODINGS; encoding += 7)
    for (guint i = 0; i < 2; i++)
      {
        g_autofree char *output = NULL;

        export_ok (fixture, (SktExportOptions) { i == 0 ? SKT_EXPORT_CSV : SKT_EXPORT_JSON_LINES, SKT_EXPORT_BOTH,
                                                 encoding });
        output = run_python (fixture->target, i == 0 ? "csv" : "json");
        if (output == NULL)
          {
            g_test_skip ("no python3");
            return;
          }
        g_assert_cmpstr (output, ==, expected);
      }
}

/* Each of all the bytes, alone and after each other one, gives a line that can be read. */
static void
test_all_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < 256; i++)
    for (guint j = 0; j < 256; j += 5)
      append_at (fixture, SKT_RECORD_RECEIVED, 1, TIME_NS, (guint8[]) { i, j }, 2);
  publish (fixture);
  for (SktExportFormat format = SKT_EXPORT_CSV; format <= SKT_EXPORT_JSON_LINES; format++)
    {
      g_autofree char *output = NULL;

      export_ok (fixture, (SktExportOptions) { format, SKT_EXPORT_BOTH });
      text = read_target (fixture);
      g_assert_true (g_utf8_validate (text, fixture->length, NULL));
      lines = g_strsplit (text, "\n", -1);
      g_assert_cmpuint (g_strv_length (lines), ==, 256 * 52 + 1 + (format == SKT_EXPORT_CSV));
      g_clear_pointer (&lines, g_strfreev);
      g_clear_pointer (&text, g_free);
      output = run_python (fixture->target, format == SKT_EXPORT_CSV ? "csv" : "json");
    }
}

void
add_record_tests (void)
{
  ADD ("csv", test_csv);
  ADD ("json-lines", test_json_lines);
  ADD ("formulas", test_formulas);
  ADD ("controls", test_controls);
  ADD ("split", test_split);
  ADD ("zones", test_zones);
  ADD ("python", test_python);
  ADD ("all-bytes", test_all_bytes);
}
