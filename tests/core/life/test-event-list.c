/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "check-rows.h"
#include "skt-event-list.h"

#include <string.h>

static GPtrArray *
list (SktJournal *journal, guint64 first, guint max)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);

  return skt_event_list_new (reader, first, skt_journal_get_n_records (journal), max, NULL);
}

static void
test_last (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (GPtrArray) all = NULL, last = NULL, later = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *number = g_strdup_printf ("note %u", i);

      check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "data", 4);
      check_journal_add (journal, SKT_RECORD_NOTE, 1, number, strlen (number));
      check_journal_add (journal, SKT_RECORD_SENT, 1, "data", 4);
    }
  all = list (journal, 0, 1000);
  g_assert_cmpuint (all->len, ==, 100);
  for (guint i = 0; i < all->len; i++)
    {
      const SktEvent *event = all->pdata[i];
      g_autofree char *number = g_strdup_printf ("note %u", i);

      g_assert_cmpuint (event->index, ==, 3 * i + 1);
      g_assert_cmpstr (event->detail, ==, number);
    }
  last = list (journal, 0, 7);
  g_assert_cmpuint (last->len, ==, 7);
  g_assert_cmpstr (((SktEvent *) last->pdata[0])->detail, ==, "note 93");
  later = list (journal, 296, 7);
  g_assert_cmpuint (later->len, ==, 1);
  g_assert_cmpstr (((SktEvent *) later->pdata[0])->detail, ==, "note 99");
}

static void
test_cancel (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  for (guint i = 0; i < 5000; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "x", 1);
  g_cancellable_cancel (cancellable);
  g_assert_null (skt_event_list_new (reader, 0, 5000, 10, cancellable));
}

static void
test_lines (void)
{
  SktEvent event = { .record = { .kind = SKT_RECORD_CONNECTING, .time_ns = G_GUINT64_CONSTANT (1700000000123456789) } };
  g_autofree char *line = NULL, *hostile = NULL, *strange = NULL;
  gsize length;

  event.detail = (char *) "192.0.2.1:80";
  line = skt_event_to_line (&event, NULL, &length);
  g_assert_cmpuint (length, ==, strlen ("2023-11-14 22:13:20.123456"));
  g_assert_nonnull (strstr (line, ":20.123456 connecting to 192.0.2.1:80 (SYN-SENT)"));

  event.record.kind = SKT_RECORD_PEER_FINISHED;
  event.detail = NULL;
  g_free (line);
  line = skt_event_to_line (&event, "[::1]:4000", &length);
  g_assert_cmpstr (line + length, ==, " [::1]:4000: the peer has finished sending (FIN)");

  event.record.kind = SKT_RECORD_NOTE;
  event.detail = (char *) "two\nlines\xff\xe2\x80\xae";
  hostile = skt_event_to_line (&event, NULL, NULL);
  g_assert_true (g_utf8_validate (hostile, -1, NULL));
  g_assert_null (strchr (hostile, '\n'));

  event.record.time_ns = G_MAXUINT64;
  strange = skt_event_to_line (&event, NULL, &length);
  g_assert_cmpuint (length, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/event-list/last", test_last);
  g_test_add_func ("/core/event-list/cancel", test_cancel);
  g_test_add_func ("/core/event-list/lines", test_lines);
  return g_test_run ();
}
