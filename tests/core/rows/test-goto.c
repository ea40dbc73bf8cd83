/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"
#include "skt-goto.h"
#include "skt-time-text.h"

#include <string.h>

#define S G_GUINT64_CONSTANT (1000000000)
#define DAY (1767225600 * S) /* 2026-01-01 00:00 UTC */

/* -- What is said --------------------------------------------------------------------------------------------- */

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    SktGoto place;
  } cases[] = {
    { "0", { SKT_GOTO_OFFSET, 0, 0, 0 } },
    { " 1204 ", { SKT_GOTO_OFFSET, 1204, 0, 0 } },
    { "0x4b4", { SKT_GOTO_OFFSET, 1204, 0, 0 } },
    { "0X4B4", { SKT_GOTO_OFFSET, 1204, 0, 0 } },
    { "18446744073709551615", { SKT_GOTO_OFFSET, G_MAXUINT64, 0, 0 } },
    { "+100", { SKT_GOTO_MOVE, 0, 100, 0 } },
    { "- 0x10", { SKT_GOTO_MOVE, 0, -16, 0 } },
    { "−7", { SKT_GOTO_MOVE, 0, -7, 0 } },
    { "50%", { SKT_GOTO_PERCENT, 0, 0, 50 } },
    { "12.5 %", { SKT_GOTO_PERCENT, 0, 0, 12.5 } },
    { "0,5%", { SKT_GOTO_PERCENT, 0, 0, 0.5 } },
    { "100%", { SKT_GOTO_PERCENT, 0, 0, 100 } },
    { "#1", { SKT_GOTO_RECORD, 1, 0, 0 } },
    { "#20000000", { SKT_GOTO_RECORD, 20000000, 0, 0 } },
    { "2026-01-01", { SKT_GOTO_TIME, DAY, 0, 0 } },
    { "2026-01-01 12:00", { SKT_GOTO_TIME, DAY + 12 * 3600 * S, 0, 0 } },
    { "2026-01-01T01:02:03.25", { SKT_GOTO_TIME, DAY + 3723 * S + S / 4, 0, 0 } },
    { "2026-01-01  1:02:03,000000001", { SKT_GOTO_TIME, DAY + 3723 * S + 1, 0, 0 } },
    { "12:00", { SKT_GOTO_CLOCK, 12 * 3600 * S, 0, 0 } },
    { "9:30:05.5", { SKT_GOTO_CLOCK, (9 * 3600 + 30 * 60 + 5) * S + S / 2, 0, 0 } },
    { "00:00:00.123456789", { SKT_GOTO_CLOCK, 123456789, 0, 0 } },
    { "+5 s", { SKT_GOTO_DELAY, 0, 5 * S, 0 } },
    { "+5s", { SKT_GOTO_DELAY, 0, 5 * S, 0 } },
    { "-250 ms", { SKT_GOTO_DELAY, 0, -(gint64) S / 4, 0 } },
    { "+1.5 min", { SKT_GOTO_DELAY, 0, 90 * S, 0 } },
    { "+10 us", { SKT_GOTO_DELAY, 0, 10000, 0 } },
    { "+10 µs", { SKT_GOTO_DELAY, 0, 10000, 0 } },
    { "+7ns", { SKT_GOTO_DELAY, 0, 7, 0 } },
    { "-2 h", { SKT_GOTO_DELAY, 0, -7200 * (gint64) S, 0 } },
    { "+1 d", { SKT_GOTO_DELAY, 0, 86400 * S, 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      SktGoto place;

      g_test_message ("“%s”", cases[i].text);
      g_assert_true (skt_goto_parse (cases[i].text, &place, &error));
      g_assert_no_error (error);
      g_assert_cmpint (place.kind, ==, cases[i].place.kind);
      g_assert_cmpint (place.difference, ==, cases[i].place.difference);
      if (place.kind == SKT_GOTO_PERCENT)
        g_assert_cmpfloat (place.percent, ==, cases[i].place.percent);
      else
        g_assert_cmpuint (place.number, ==, cases[i].place.number);
    }
}

static void
test_parse_bad (void)
{
  static const char *const cases[] = {
    "", " ", "x", "0x", "0xg", "12a", "1 2", "1.5", "18446744073709551616", "+", "-", "+x", "+-5", "+9223372036854775808",
    "%", "101%", "-5%", "1e2%", "#", "#0", "#-1", "#1x", "12:", "12:0", "24:00", "12:60", "12:00:60", "12:00:00.x", "12:00:",
    "2026-", "2026-1-1", "2026-02-30", "2026-01-01T", "2026-01-01 24:00", "2026-01-01x", "1960-01-01",
    "+5 m", "+5 S", "+5 s s", "+5.5", "+1..5 s", "+99999999999999 d", "5 s", "12:00:00.1234567890",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      SktGoto place = { .number = 77 };

      g_test_message ("“%s”", cases[i]);
      g_assert_false (skt_goto_parse (cases[i], &place, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_cmpuint (place.number, ==, 77);
    }
}

/* Whatever is typed: no crash, and what is understood is in range. */
static void
test_parse_random (void)
{
  static const char alphabet[] = "0123456789:.,+-#%xTsmhd \xc2\xb5";
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 20000; i++)
    {
      char text[24];
      guint n = g_rand_int_range (rand, 0, sizeof text);
      SktGoto place;

      for (guint j = 0; j < n; j++)
        text[j] = alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)];
      text[n] = '\0';
      if (!skt_goto_parse (text, &place, NULL))
        continue;
      g_assert_cmpint (place.kind, <=, SKT_GOTO_DELAY);
      g_assert_true (place.kind != SKT_GOTO_CLOCK || place.number < 86400 * S);
      g_assert_true (place.kind != SKT_GOTO_PERCENT || (place.percent >= 0 && place.percent <= 100));
      g_assert_true (place.kind != SKT_GOTO_RECORD || place.number > 0);
    }
}

/* -- Where it is ---------------------------------------------------------------------------------------------- */

static void
add (SktJournal *journal, SktRecordKind kind, guint32 connection, guint64 time_ns, guint64 stream_offset, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = g_malloc0 (length + 1);
  SktRecord record = { .kind = kind, .connection = connection, .time_ns = time_ns, .stream_offset = stream_offset };

  g_assert_true (skt_journal_append (journal, &record, bytes, length, &error));
  g_assert_no_error (error);
}

static void
flush (SktJournal *journal)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (skt_journal_flush (journal, &error));
  g_assert_no_error (error);
}

static gboolean
go (SktJournal *journal, const char *text, SktGotoScope scope, SktPosition here, SktPosition *ret_position, GError **error)
{
  SktGoto place;

  g_assert_true (skt_goto_parse (text, &place, NULL));
  return skt_goto_find (journal, &place, &scope, here, NULL, ret_position, error);
}

static void
assert_at (SktJournal *journal, const char *text, SktGotoScope scope, SktPosition here, guint64 record, guint32 begin)
{
  g_autoptr (GError) error = NULL;
  SktPosition position;

  g_test_message ("“%s”", text);
  g_assert_true (go (journal, text, scope, here, &position, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (position.record, ==, record);
  g_assert_cmpuint (position.begin, ==, begin);
}

static void
assert_nowhere (SktJournal *journal, const char *text, SktGotoScope scope, SktPosition here, const char *message)
{
  g_autoptr (GError) error = NULL;
  SktPosition position = { 77, 77 };

  g_test_message ("“%s”", text);
  g_assert_false (go (journal, text, scope, here, &position, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (position.record, ==, 77);
}

static const SktGotoScope session = { 0, SKT_RECORD_RECEIVED }, received = { 1, SKT_RECORD_RECEIVED },
                          sent = { 1, SKT_RECORD_SENT }, other = { 2, SKT_RECORD_RECEIVED };

/* Payload: 0 an event's 5 bytes, 5 received 10, 15 sent 4, 19 received 20, 39 of connection 2: 6. */
static SktJournal *
make_small (void)
{
  SktJournal *journal = check_journal_new ();

  add (journal, SKT_RECORD_NOTE, 0, DAY + 1 * S, 0, 5);
  add (journal, SKT_RECORD_RECEIVED, 1, DAY + 2 * S, 0, 10);
  add (journal, SKT_RECORD_SENT, 1, DAY + 3 * S, 0, 4);
  add (journal, SKT_RECORD_PEER_FINISHED, 2, DAY + 4 * S, 0, 0);
  add (journal, SKT_RECORD_RECEIVED, 1, DAY + 5 * S + S / 2, 10, 20);
  add (journal, SKT_RECORD_RECEIVED, 2, DAY + 86400 * S, 0, 6);
  flush (journal);
  return journal;
}

static void
test_offsets (void)
{
  g_autoptr (SktJournal) journal = make_small ();
  SktPosition here = { 0, 0 };

  assert_at (journal, "0", session, here, 0, 0);
  assert_at (journal, "4", session, here, 0, 0); /* inside an event there is nowhere else to be */
  assert_at (journal, "5", session, here, 1, 0);
  assert_at (journal, "14", session, here, 1, 9);
  assert_at (journal, "15", session, here, 2, 0);
  assert_at (journal, "19", session, here, 4, 0);
  assert_at (journal, "44", session, here, 5, 5);
  assert_nowhere (journal, "45", session, here, "The session has only 45 bytes");

  assert_at (journal, "0", received, here, 1, 0);
  assert_at (journal, "9", received, here, 1, 9);
  assert_at (journal, "0xa", received, here, 4, 0);
  assert_at (journal, "29", received, here, 4, 19);
  assert_nowhere (journal, "30", received, here, "Only 30 bytes have been received from there");
  assert_at (journal, "3", sent, here, 2, 3);
  assert_nowhere (journal, "4", sent, here, "Only 4 bytes have been sent there");
  assert_at (journal, "5", other, here, 5, 5);
  assert_nowhere (journal, "0", (SktGotoScope){ 3, SKT_RECORD_RECEIVED }, here,
                  "Only 0 bytes have been received from there");

  assert_at (journal, "0%", session, here, 0, 0);
  assert_at (journal, "50%", session, here, 4, 3);
  assert_at (journal, "100%", session, here, 5, 5);

  /* From here on, in the stream that is here. */
  assert_at (journal, "+1", session, (SktPosition){ 1, 9 }, 4, 0);
  assert_at (journal, "-1", sent, (SktPosition){ 4, 0 }, 1, 9);
  assert_at (journal, "-100", sent, (SktPosition){ 4, 0 }, 1, 0);
  assert_at (journal, "+1", other, (SktPosition){ 2, 2 }, 2, 3);
  assert_nowhere (journal, "+2", other, (SktPosition){ 2, 2 }, "Only 4 bytes have been sent there");
  assert_at (journal, "+6", received, (SktPosition){ 0, 0 }, 1, 1);
}

static void
test_records (void)
{
  g_autoptr (SktJournal) journal = make_small (), empty = check_journal_new ();
  SktPosition here = { 0, 0 };

  assert_at (journal, "#1", received, here, 0, 0);
  assert_at (journal, "#6", received, here, 5, 0);
  assert_nowhere (journal, "#7", received, here, "The last record is #6");
  assert_nowhere (empty, "#1", received, here, "There is nothing yet");
  assert_nowhere (empty, "0", received, here, "There is nothing yet");
  assert_nowhere (empty, "50%", received, here, "There is nothing yet");
}

static void
test_times (void)
{
  g_autoptr (SktJournal) journal = make_small ();
  SktPosition here = { 0, 0 }, at_end = { 5, 3 };

  assert_at (journal, "2026-01-01", session, here, 0, 0);
  assert_at (journal, "2025-06-01", session, here, 0, 0);
  assert_at (journal, "2026-01-01 00:00:02", session, here, 1, 0);
  assert_at (journal, "2026-01-01 00:00:02.000000001", session, here, 2, 0);
  assert_at (journal, "2026-01-01 00:00:06", session, here, 5, 0);
  assert_at (journal, "2026-01-02", session, here, 5, 0);
  assert_nowhere (journal, "2026-01-03", session, here, "The last record was made at 2026-01-02 00:00:00.000000000 +0000");
  /* The day is that of the place where one is. */
  assert_at (journal, "0:00:05", session, here, 4, 0);
  assert_at (journal, "00:00", session, at_end, 5, 0);
  assert_nowhere (journal, "00:01", session, at_end, "The last record was made at 2026-01-02 00:00:00.000000000 +0000");
  assert_at (journal, "+1 s", session, (SktPosition){ 1, 3 }, 2, 0);
  assert_at (journal, "+1.5 s", session, (SktPosition){ 3, 0 }, 4, 0);
  assert_at (journal, "-2500 ms", session, (SktPosition){ 4, 1 }, 2, 0);
  assert_at (journal, "-1 h", session, (SktPosition){ 4, 1 }, 0, 0);
  assert_nowhere (journal, "+2 d", session, here, "The last record was made at 2026-01-02 00:00:00.000000000 +0000");
}

static void
test_cleared (void)
{
  g_autoptr (SktJournal) journal = make_small ();
  SktPosition here = { 2, 0 };

  skt_journal_set_first_record (journal, 2);
  assert_nowhere (journal, "#2", session, here, "That has been cleared");
  assert_at (journal, "#3", session, here, 2, 0);
  assert_nowhere (journal, "3", received, here, "That has been cleared");
  assert_at (journal, "10", received, here, 4, 0);
  assert_nowhere (journal, "14", session, here, "That has been cleared");
  assert_at (journal, "15", session, here, 2, 0);
  assert_at (journal, "0%", session, here, 2, 0);
  assert_at (journal, "2025-01-01", session, here, 2, 0);
  /* From a place that is no more. */
  assert_at (journal, "+1 s", session, (SktPosition){ 0, 0 }, 3, 0);
}

/* Against looking at one record after another. */
static void
test_random (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktJournalReader) reader = NULL;
  guint64 offsets[8] = { 0 }, time_ns = DAY;
  guint n = 6000;

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < n; i++)
    {
      /* Connections come in and go out of fashion. */
      guint stream = (i / 1500 + g_rand_int_range (rand, 0, 2)) % G_N_ELEMENTS (offsets);
      gsize length = g_rand_int_range (rand, 1, 40);
      gboolean is_event = g_rand_int_range (rand, 0, 10) == 0;

      time_ns += g_rand_int_range (rand, 0, 5);
      if (is_event)
        add (journal, SKT_RECORD_NOTE, 1 + stream / 2, time_ns, 0, length % 3);
      else
        add (journal, stream % 2 == 0 ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, 1 + stream / 2, time_ns, offsets[stream], length);
      offsets[stream] += is_event ? 0 : length;
    }
  flush (journal);
  reader = skt_journal_reader_new (journal);
  for (guint i = 0; i < 3000; i++)
    {
      guint stream = g_rand_int_range (rand, 0, G_N_ELEMENTS (offsets));
      SktGotoScope scope = { 1 + stream / 2, stream % 2 == 0 ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT };
      SktGoto place = { .kind = SKT_GOTO_OFFSET };
      SktPosition position;
      SktRecord record;

      if (offsets[stream] == 0)
        continue;
      place.number = g_rand_double (rand) * offsets[stream];
      g_assert_true (skt_goto_find (journal, &place, &scope, (SktPosition){ 0, 0 }, NULL, &position, NULL));
      g_assert_true (skt_journal_reader_get_record (reader, position.record, &record));
      g_assert_cmpuint (record.kind, ==, scope.kind);
      g_assert_cmpuint (record.connection, ==, scope.connection);
      g_assert_cmpuint (record.stream_offset + position.begin, ==, place.number);
      g_assert_cmpuint (position.begin, <, record.length);

      place = (SktGoto){ .kind = SKT_GOTO_TIME, .number = DAY + (guint64) (g_rand_double (rand) * (time_ns - DAY)) };
      g_assert_true (skt_goto_find (journal, &place, &session, (SktPosition){ 0, 0 }, NULL, &position, NULL));
      g_assert_true (skt_journal_reader_get_record (reader, position.record, &record));
      g_assert_cmpuint (record.time_ns, >=, place.number);
      if (position.record > 0)
        {
          g_assert_true (skt_journal_reader_get_record (reader, position.record - 1, &record));
          g_assert_cmpuint (record.time_ns, <, place.number);
        }
    }
  for (guint stream = 0; stream < G_N_ELEMENTS (offsets); stream++)
    {
      SktGotoScope scope = { 1 + stream / 2, stream % 2 == 0 ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT };
      SktGoto place = { .kind = SKT_GOTO_OFFSET, .number = offsets[stream] };
      SktPosition position;
      g_autoptr (GError) error = NULL;

      g_assert_false (skt_goto_find (journal, &place, &scope, (SktPosition){ 0, 0 }, NULL, &position, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    }
}

/* A clock that was set back leads to one of the places, and never astray. */
static void
test_clock_set_back (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktGoto place = { .kind = SKT_GOTO_TIME };

  for (guint i = 0; i < 2000; i++)
    add (journal, SKT_RECORD_RECEIVED, 1, DAY + (i < 1000 ? i : i - 500) * S, i, 1);
  flush (journal);
  for (guint i = 0; i < 1500; i++)
    {
      SktPosition position;

      place.number = DAY + i * S;
      g_assert_true (skt_goto_find (journal, &place, &session, (SktPosition){ 0, 0 }, NULL, &position, NULL));
      g_assert_cmpuint (position.record, <, 2000);
      if (i < 500)
        g_assert_cmpuint (position.record, ==, i);
      else if (i >= 1000)
        g_assert_cmpuint (position.record, ==, i + 500);
      else
        g_assert_true (position.record == i || position.record == i + 500);
    }
}

typedef struct
{
  GAsyncResult *result;
} Wait;

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ((Wait *) user_data)->result = g_object_ref (result);
}

static void
test_async (void)
{
  g_autoptr (SktJournal) journal = make_small ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  SktGoto place = { .kind = SKT_GOTO_OFFSET, .number = 12 };
  SktPosition position;
  g_autoptr (GError) error = NULL;
  Wait wait = { NULL };

  skt_goto_find_async (journal, &place, &received, (SktPosition){ 0, 0 }, NULL, found_cb, &wait);
  while (wait.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (skt_goto_find_finish (wait.result, &position, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (position.record, ==, 4);
  g_assert_cmpuint (position.begin, ==, 2);
  g_clear_object (&wait.result);

  g_cancellable_cancel (cancellable);
  skt_goto_find_async (journal, &place, &received, (SktPosition){ 0, 0 }, cancellable, found_cb, &wait);
  while (wait.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (skt_goto_find_finish (wait.result, &position, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&wait.result);
}

/* -- Times as text -------------------------------------------------------------------------------------------- */

static void
test_difference_text (void)
{
  static const struct
  {
    gint64 ns;
    const char *text;
  } cases[] = {
    { 0, "+0.000000" },
    { 999, "+0.000000" },
    { 13000, "+0.000013" },
    { -1500000000, "-1.500000" },
    { 999999999999, "+999.999999" },
    { 1000 * (gint64) S, "+00:16:40.0" },
    { 359999 * (gint64) S + 950000000, "+99:59:59.9" },
    { 360000 * (gint64) S, "+4d 04:00" },
    { -86400 * (gint64) S * 123, "-123d 00:00" },
    { G_MAXINT64, "+106751d 23:47" },
    { -G_MAXINT64, "-106751d 23:47" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char text[32];

      skt_time_format_difference (cases[i].ns, text, sizeof text);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
  g_assert_cmpint (skt_time_get_difference (5, 3), ==, 2);
  g_assert_cmpint (skt_time_get_difference (3, 5), ==, -2);
  g_assert_cmpint (skt_time_get_difference (G_MAXUINT64, 0), ==, G_MAXINT64);
  g_assert_cmpint (skt_time_get_difference (0, G_MAXUINT64), ==, -G_MAXINT64);
}

static void
test_time_text (void)
{
  g_autofree char *text = skt_time_to_text (DAY + 3723 * S + 7), *odd = skt_time_to_text (G_MAXUINT64);

  g_assert_cmpstr (text, ==, "2026-01-01 01:02:03.000000007 +0000");
  g_assert_nonnull (odd);
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/goto/parse", test_parse);
  g_test_add_func ("/core/goto/parse-bad", test_parse_bad);
  g_test_add_func ("/core/goto/parse-random", test_parse_random);
  g_test_add_func ("/core/goto/offsets", test_offsets);
  g_test_add_func ("/core/goto/records", test_records);
  g_test_add_func ("/core/goto/times", test_times);
  g_test_add_func ("/core/goto/cleared", test_cleared);
  g_test_add_func ("/core/goto/random", test_random);
  g_test_add_func ("/core/goto/clock-set-back", test_clock_set_back);
  g_test_add_func ("/core/goto/async", test_async);
  g_test_add_func ("/core/goto/difference-text", test_difference_text);
  g_test_add_func ("/core/goto/time-text", test_time_text);
  return g_test_run ();
}
