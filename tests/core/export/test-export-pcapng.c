/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-export.h"

#include <string.h>

#include "skt-pcapng.h"

#define LOCAL "127.0.0.1:7788"
#define PEER "127.0.0.1:53412"

/* Appends with the stream offset that it has. */
typedef struct
{
  Fixture *fixture;
  guint64 offsets[16][2];
} Streams;

static void
append_stream (Streams *self, gboolean is_sent, guint32 connection, const void *bytes, gsize length)
{
  SktRecord record = {
    .kind = is_sent ? SKT_RECORD_SENT : SKT_RECORD_RECEIVED,
    .connection = connection,
    .time_ns = TIME_NS + self->offsets[connection][is_sent],
    .stream_offset = self->offsets[connection][is_sent],
  };

  g_assert_true (skt_journal_append (self->fixture->journal, &record, bytes, length, NULL));
  self->offsets[connection][is_sent] += length;
}

static void
append_closed (Fixture *fixture, guint32 connection, SktReason reason)
{
  SktRecord record = { .kind = SKT_RECORD_CLOSED, .connection = connection, .time_ns = TIME_NS, .reason = reason };

  g_assert_true (skt_journal_append (fixture->journal, &record, NULL, 0, NULL));
}

/* Output of tshark, or NULL if there is none. */
static char *
run_tshark (Fixture *fixture, const char *const *arguments)
{
  g_autofree char *tshark = g_find_program_in_path ("tshark");
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  if (tshark == NULL)
    return NULL;
  g_ptr_array_add (argv, tshark);
  g_ptr_array_add (argv, (char *) "-r");
  g_ptr_array_add (argv, fixture->target);
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (argv, (char *) *arguments);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return output;
}

/* The bytes of both directions of a stream, one after another in the order of the file, as it is followed. */
static char *
checksum_of_follow (Fixture *fixture, guint stream, gboolean is_second_half)
{
  g_autofree char *what = g_strdup_printf ("follow,tcp,raw,%u", stream);
  const char *arguments[] = { "-q", "-z", what, NULL };
  g_autofree char *output = run_tshark (fixture, arguments);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = lines[i] + (lines[i][0] == '\t');
      gsize length = strlen (line);
      g_autofree guint8 *bytes = g_malloc (length / 2 + 1);

      if ((lines[i][0] == '\t') != is_second_half || length == 0 || strspn (line, "0123456789abcdef") != length)
        continue;
      for (gsize j = 0; j < length / 2; j++)
        bytes[j] = g_ascii_xdigit_value (line[2 * j]) << 4 | g_ascii_xdigit_value (line[2 * j + 1]);
      g_checksum_update (sum, bytes, length / 2);
    }
  return g_strdup (g_checksum_get_string (sum));
}

/* Nothing in the file is remarkable to an expert: no wrong checksum, nothing malformed, lost or sent again. FALSE if there is
 * no tshark, and then the test is to end. */
static gboolean
check_by_expert (Fixture *fixture)
{
  const char *arguments[] = {
    "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y",
    "_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0 || (_ws.expert.severity >= 0x600000 && tcp.flags.reset == 0) || "
    "tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.analysis.ack_lost_segment || "
    "tcp.analysis.window_full || tcp.analysis.out_of_order",
    NULL,
  };
  g_autofree char *output = run_tshark (fixture, arguments);

  if (output == NULL)
    {
      g_test_skip ("no tshark");
      return FALSE;
    }
  g_assert_cmpstr (output, ==, "");
  return TRUE;
}

static void
assert_n_packets (Fixture *fixture, const char *filter, guint n)
{
  const char *arguments[] = { "-Y", filter, "-T", "fields", "-e", "frame.number", NULL };
  g_autofree char *output = run_tshark (fixture, arguments);
  guint n_lines = 0;

  for (const char *p = output; *p != '\0'; p++)
    n_lines += *p == '\n';
  g_assert_cmpuint (n_lines, ==, n);
}

static char *
get_fields (Fixture *fixture, const char *filter, const char *field, const char *field2, const char *field3)
{
  const char *arguments[] = { "-Y", filter, "-T", "fields", "-e", field, "-e", field2, "-e", field3, NULL };

  return run_tshark (fixture, arguments);
}

/* -- Tests --------------------------------------------------------------------------------------------------- */

static void
test_follow (Fixture *fixture, gconstpointer data)
{
  Streams streams = { fixture };
  GChecksum *sums[16][2];
  g_autofree guint8 *bytes = g_malloc (200000);

  for (guint i = 1; i <= 3; i++)
    for (guint j = 0; j < 2; j++)
      sums[i][j] = g_checksum_new (G_CHECKSUM_SHA256);
  append (fixture, SKT_RECORD_LISTENING, 0, "*:7788");
  append (fixture, SKT_RECORD_OPENED, 1, LOCAL " " PEER);
  append (fixture, SKT_RECORD_CONNECTING, 2, "[::1]:40001");
  append (fixture, SKT_RECORD_OPENED, 2, "[::1]:40000 [::1]:40001");
  append (fixture, SKT_RECORD_OPENED, 3, LOCAL " 10.0.0.7:1");
  for (guint i = 0; i < 200; i++)
    {
      const guint32 connection = 1 + i % 3;
      const gboolean is_sent = g_test_rand_bit ();
      const gsize length = i % 50 == 49 ? 200000 : g_test_rand_int_range (1, 40000);

      fill_random (bytes, length);
      append_stream (&streams, is_sent, connection, bytes, length);
      g_checksum_update (sums[connection][is_sent], bytes, length);
    }
  append (fixture, SKT_RECORD_PEER_FINISHED, 1, "");
  append_closed (fixture, 1, SKT_REASON_PEER_CLOSED);
  append_closed (fixture, 2, SKT_REASON_RESET);
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_PCAPNG, SKT_EXPORT_BOTH });
  if (check_by_expert (fixture))
    {
      g_autofree char *sections = NULL;

      for (guint32 i = 1; i <= 3; i++)
        for (guint j = 0; j < 2; j++)
          {
            /* Streams are counted in the order of their SYN, whose sender comes first. */
            g_autofree char *sum = checksum_of_follow (fixture, i - 1, i == 2 ? j == 0 : j == 1);

            g_assert_cmpstr (sum, ==, g_checksum_get_string (sums[i][j]));
          }
      assert_n_packets (fixture, "tcp.flags.syn == 1", 6);
      assert_n_packets (fixture, "tcp.flags.fin == 1", 2);
      assert_n_packets (fixture, "tcp.flags.reset == 1", 1);
      assert_n_packets (fixture, "tcp.flags.push == 1", 200);
      assert_n_packets (fixture, "frame.len > 16500", 0);
      sections = get_fields (fixture, "frame.number == 1", "frame.time_epoch", "ip.src", "frame.comment");
      g_assert_cmpstr (sections, ==, "1795264496.789123456\t127.0.0.1\tConnection 1\n");
    }
  for (guint i = 1; i <= 3; i++)
    for (guint j = 0; j < 2; j++)
      g_checksum_free (sums[i][j]);
}

/* What was cleared is not there, but its connection goes on, with its addresses, and without a gap. */
static void
test_opened_earlier (Fixture *fixture, gconstpointer data)
{
  Streams streams = { fixture };

  streams.offsets[1][0] = G_GUINT64_CONSTANT (0x1FFFFFFF0);
  append (fixture, SKT_RECORD_OPENED, 1, LOCAL " " PEER);
  append (fixture, SKT_RECORD_OPENED, 2, "1.2.3.4:5 1.2.3.4:6");
  append_stream (&streams, FALSE, 1, "cleared", 7);
  append_stream (&streams, TRUE, 1, "gone", 4);
  append_stream (&streams, FALSE, 1, "0123456789", 10);
  append_stream (&streams, TRUE, 1, "abc", 3);
  append_stream (&streams, FALSE, 3, "nobody", 6);
  append_stream (&streams, FALSE, 1, "XYZ", 3);
  append_closed (fixture, 2, SKT_REASON_TIMED_OUT);
  publish (fixture);
  skt_journal_set_first_record (fixture->journal, 4);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_PCAPNG, SKT_EXPORT_BOTH });
  if (!check_by_expert (fixture))
    return;
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *sum = checksum_of_follow (fixture, 0, i == 1);
      g_autofree char *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, i == 0 ? "0123456789XYZ" : "abc",
                                                                 -1);
      g_assert_cmpstr (sum, ==, expected);
    }
  {
    g_autofree char *comments = get_fields (fixture, "frame.comment", "ip.src", "tcp.dstport", "frame.comment");

    g_assert_nonnull (strstr (comments, "127.0.0.1\t7788\tConnection 1, opened earlier\n"));
    g_assert_nonnull (strstr (comments, "\t1\tConnection 3, opened earlier, addresses unknown\n"));
    g_assert_nonnull (strstr (comments, "1.2.3.4\t5\tConnection 2, opened earlier\n"));
    g_assert_nonnull (strstr (comments, "Connection 2 closed: reason 4, code 0, unsent 0, unacknowledged 0, flags 0 (timed out"));
  }
}

/* The payload of the OPENED record was given back to the disk: the caller knows the addresses. */
static void
test_known_addresses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) addresses = g_hash_table_new (NULL, NULL);
  const guint8 zeros[15 + 1 + 15] = { 0 };
  g_autofree char *fields = NULL;

  append_at (fixture, SKT_RECORD_OPENED, 1, TIME_NS, zeros, sizeof zeros);
  append (fixture, SKT_RECORD_RECEIVED, 1, "x");
  publish (fixture);
  g_hash_table_insert (addresses, GUINT_TO_POINTER (1), (gpointer) "10.1.2.3:1 10.1.2.4:2");
  skt_journal_set_first_record (fixture->journal, 1);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_PCAPNG, SKT_EXPORT_BOTH, .addresses = addresses });
  fields = get_fields (fixture, "tcp.len == 1", "ip.src", "ip.dst", "tcp.srcport");
  if (fields == NULL)
    g_test_skip ("no tshark");
  else
    g_assert_cmpstr (fields, ==, "10.1.2.4\t10.1.2.3\t2\n");
}

/* Ranges, directions and connections. */
static void
test_part (Fixture *fixture, gconstpointer data)
{
  const guint32 chosen = 1;
  SktExportOptions options = { SKT_EXPORT_PCAPNG, SKT_EXPORT_RECEIVED, 0, &chosen, 1, TRUE, { 1, 2 }, { 4, 1 } };
  Streams streams = { fixture };
  g_autofree char *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "llow", -1);
  g_autofree char *sum = NULL;

  append (fixture, SKT_RECORD_OPENED, 1, LOCAL " " PEER);
  append_stream (&streams, FALSE, 1, "hello", 3 + 2);
  append_stream (&streams, TRUE, 1, "sent", 4);
  append_stream (&streams, FALSE, 2, "other", 5);
  append_stream (&streams, FALSE, 1, "world", 5);
  publish (fixture);
  export_ok (fixture, options);
  if (!check_by_expert (fixture))
    return;
  sum = checksum_of_follow (fixture, 0, FALSE);
  g_assert_cmpstr (sum, ==, expected);
  assert_n_packets (fixture, "tcp.flags.syn == 1 && tcp.flags.ack == 0", 1);
  assert_n_packets (fixture, "tcp.len > 0", 2);
}

/* Without tshark too: the sums are right in whatever order the bytes are, and lengths fit. */
static void
test_checksums (Fixture *fixture, gconstpointer data)
{
  Streams streams = { fixture };
  g_autofree guint8 *bytes = g_malloc (50000);
  g_autofree char *text = NULL;
  guint n = 0;
  gsize at = 0;

  append (fixture, SKT_RECORD_OPENED, 1, LOCAL " " PEER);
  for (gsize length = 1; length < 50000; length = length * 3 + 1)
    {
      fill_random (bytes, length);
      append_stream (&streams, length % 2, 1, bytes, length);
    }
  publish (fixture);
  export_ok (fixture, (SktExportOptions) { SKT_EXPORT_PCAPNG, SKT_EXPORT_BOTH });
  text = read_target (fixture);
  while (at < fixture->length)
    {
      const guint8 *block = (const guint8 *) text + at;
      guint32 type, length, end, captured;

      memcpy (&type, block, 4);
      memcpy (&length, block + 4, 4);
      g_assert_cmpuint (GUINT32_FROM_LE (length) % 4, ==, 0);
      length = GUINT32_FROM_LE (length);
      g_assert_cmpuint (at + length, <=, fixture->length);
      memcpy (&end, block + length - 4, 4);
      g_assert_cmpuint (GUINT32_FROM_LE (end), ==, length);
      at += length;
      if (GUINT32_FROM_LE (type) != SKT_PCAPNG_BLOCK_PACKET)
        continue;
      memcpy (&captured, block + 20, 4);
      captured = GUINT32_FROM_LE (captured);
      g_assert_cmpuint (block[28 + 2] << 8 | block[28 + 3], ==, captured);
      for (guint i = 0; i < 2; i++)
        {
          /* The header; then the pseudo header (addresses, protocol, length) and all that follows. */
          guint32 sum = i == 0 ? 0 : 6 + captured - 20;
          const guint8 *packet = block + 28;

          for (gsize j = i == 0 ? 0 : 12; j < (i == 0 ? 20 : captured); j++)
            sum += j % 2 ? packet[j] : packet[j] << 8;
          while (sum >> 16)
            sum = (sum & 0xFFFF) + (sum >> 16);
          g_assert_cmphex (sum, ==, 0xFFFF);
        }
      n++;
    }
  g_assert_cmpuint (n, >=, 3 + 10);
}

void
add_pcapng_tests (void)
{
  ADD ("pcapng-follow", test_follow);
  ADD ("pcapng-opened-earlier", test_opened_earlier);
  ADD ("pcapng-known-addresses", test_known_addresses);
  ADD ("pcapng-part", test_part);
  ADD ("pcapng-checksums", test_checksums);
}
