/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skt-checksum.h"
#include "skt-error.h"
#include "skt-journal-private.h"

/* Journals that are cut off, damaged, foreign or made up. */

#define N_RECORDS 11

static void
write_sample (Fixture *fixture, Model *model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktJournal) journal = skt_journal_create (fixture->path, &error);

  g_assert_no_error (error);
  append_event (journal, model, SKT_RECORD_OPENED, "127.0.0.1:1 127.0.0.1:2");
  for (guint i = 1; i < N_RECORDS - 1; i++)
    append_pattern (journal, model, 3 * i);
  append_event (journal, model, SKT_RECORD_CLOSED, "");
}

static SktJournal *
open_ok (Fixture *fixture, char **ret_warning)
{
  g_autoptr (GError) error = NULL;
  SktJournal *journal = skt_journal_open (fixture->path, ret_warning, &error);

  g_assert_no_error (error);
  return journal;
}

static void
assert_bad (Fixture *fixture, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;

  g_assert_null (skt_journal_open (fixture->path, &warning, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_JOURNAL);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
  g_assert_null (warning);
}

static void
test_records_truncated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Model) model = model_new ();
  g_autoptr (GBytes) records = NULL;
  gsize size;

  write_sample (fixture, model);
  records = read_file (fixture->path, "records");
  size = g_bytes_get_size (records);
  g_assert_cmpuint (size, ==, 64 + N_RECORDS * 48);
  for (gsize length = size; length + 1 > size - 3 * 48; length--)
    {
      g_autofree char *warning = NULL;
      g_autoptr (SktJournal) journal = NULL;
      gboolean at_border = (length - 64) % 48 == 0;

      write_file (fixture->path, "records", g_bytes_get_data (records, NULL), length);
      journal = open_ok (fixture, &warning);
      check_prefix (journal, model, (length - 64) / 48);
      /* Without the last record, an event without payload, it is a whole journal. */
      g_assert_true ((warning == NULL) == (length == size || length == size - 48));
      if (warning != NULL && length > size - 2 * 48)
        g_assert_nonnull (strstr (warning, at_border ? "0 (records)" : "1 (records)"));
    }
}

static void
test_payload_truncated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Model) model = model_new ();
  g_autoptr (GBytes) payload = NULL;
  guint64 n = N_RECORDS;

  write_sample (fixture, model);
  payload = read_file (fixture->path, "payload");
  g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), model->payload->data,
                   model->payload->len);
  for (gsize length = g_bytes_get_size (payload) + 1; length-- > 0;)
    {
      g_autofree char *warning = NULL;
      g_autoptr (SktJournal) journal = NULL;

      write_file (fixture->path, "payload", g_bytes_get_data (payload, NULL), length);
      while (n > 0 && g_array_index (model->records, SktRecord, n - 1).offset +
                      g_array_index (model->records, SktRecord, n - 1).length > length)
        n--;
      journal = open_ok (fixture, &warning);
      check_prefix (journal, model, n);
      g_assert_true ((warning == NULL) == (n == N_RECORDS));
    }
  g_assert_cmpuint (n, ==, 0);
}

static void
test_payload_longer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Model) model = model_new ();
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  g_autoptr (SktJournal) journal = NULL;
  g_autofree char *warning = NULL;

  write_sample (fixture, model);
  g_byte_array_append (payload, model->payload->data, model->payload->len);
  g_byte_array_append (payload, (const guint8 *) "seven!!", 7);
  write_file (fixture->path, "payload", payload->data, payload->len);
  journal = open_ok (fixture, &warning);
  check_all (journal, model);
  g_assert_nonnull (warning);
  g_assert_nonnull (strstr (warning, "0 (records), 7 (bytes"));
}

/* Every byte of the records file inverted or with one bit flipped: either it is refused, or what comes is true. */
static void
test_flipped (Fixture *fixture, gconstpointer data)
{
  const guint8 masks[] = { 0xff, 0x01, 0x80 };
  g_autoptr (Model) model = model_new ();
  g_autoptr (GBytes) records = NULL;

  write_sample (fixture, model);
  records = read_file (fixture->path, "records");
  for (gsize i = 0; i < g_bytes_get_size (records) * G_N_ELEMENTS (masks); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (records, NULL), g_bytes_get_size (records));
      g_autoptr (SktJournal) journal = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *warning = NULL;
      gsize at = i / G_N_ELEMENTS (masks);

      copy[at] ^= masks[i % G_N_ELEMENTS (masks)];
      write_file (fixture->path, "records", copy, g_bytes_get_size (records));
      journal = skt_journal_open (fixture->path, &warning, &error);
      if (at < 20)
        {
          g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_JOURNAL);
          g_assert_null (journal);
          continue;
        }
      g_assert_no_error (error);
      g_assert_nonnull (warning);
      check_prefix (journal, model, at < 64 ? N_RECORDS : (at - 64) / 48);
      g_assert_cmpuint (skt_journal_get_first_record (journal), ==, 0);
    }
}

/* The payload has no checksum: bytes that were changed there are shown as they are, and nothing else happens. */
static void
test_payload_flipped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Model) model = model_new ();

  write_sample (fixture, model);
  for (gsize i = 0; i < model->payload->len; i++)
    {
      g_autoptr (SktJournal) journal = NULL;
      g_autofree char *warning = NULL;

      model->payload->data[i] ^= 0xff;
      write_file (fixture->path, "payload", model->payload->data, model->payload->len);
      journal = open_ok (fixture, &warning);
      g_assert_null (warning);
      check_all (journal, model);
    }
}

/* -- Records that are well-formed but impossible ------------------------------------------------------------- */

static void
write_records (Fixture *fixture, const SktRecord *records, gsize n_records)
{
  g_autoptr (SktJournal) empty = _skt_journal_new (fixture->path);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  SktJournalHeader header;

  _skt_journal_header_to_disk (empty, 0, &header);
  g_byte_array_append (bytes, (const guint8 *) &header, sizeof header);
  for (gsize i = 0; i < n_records; i++)
    {
      SktRecord stored;

      _skt_record_to_disk (&records[i], &stored);
      g_byte_array_append (bytes, (const guint8 *) &stored, sizeof stored);
    }
  g_mkdir (fixture->path, 0700);
  write_file (fixture->path, "records", bytes->data, bytes->len);
  write_file (fixture->path, "payload", "0123456789", 10);
}

static void
test_impossible (Fixture *fixture, gconstpointer data)
{
  const SktRecord second[] = {
    { .kind = SKT_RECORD_RECEIVED, .offset = 4, .length = 7 },
    { .kind = SKT_RECORD_RECEIVED, .offset = 11, .length = 0 },
    { .kind = SKT_RECORD_RECEIVED, .offset = 3, .length = 2 },
    { .kind = SKT_RECORD_RECEIVED, .offset = 0, .length = 10 },
    { .kind = SKT_RECORD_RECEIVED, .offset = G_MAXUINT64, .length = 1 },
    { .kind = SKT_RECORD_RECEIVED, .offset = G_MAXUINT64 - 3, .length = 8 },
    { .kind = SKT_RECORD_RECEIVED, .offset = 4, .length = G_MAXUINT32 },
    { .kind = SKT_RECORD_NONE, .offset = 4, .length = 6 },
    { .kind = SKT_N_RECORD_KINDS, .offset = 4, .length = 6 },
    { .kind = 255, .offset = 4, .length = 6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (second); i++)
    {
      const SktRecord records[] = { { .kind = SKT_RECORD_SENT, .length = 4 }, second[i] };
      g_autoptr (SktJournalReader) reader = NULL;
      g_autoptr (SktJournal) journal = NULL;
      g_autofree char *warning = NULL;
      SktRecord record;

      write_records (fixture, records, 2);
      journal = open_ok (fixture, &warning);
      g_assert_cmpuint (skt_journal_get_n_records (journal), ==, 1);
      g_assert_cmpuint (skt_journal_get_payload_length (journal), ==, 4);
      g_assert_nonnull (strstr (warning, "1 (records), 6 (bytes"));
      reader = skt_journal_reader_new (journal);
      g_assert_true (skt_journal_reader_get_record (reader, 0, &record));
      g_assert_false (skt_journal_reader_get_record (reader, 1, &record));
    }
}

/* What is damaged after it was opened is noticed by the reader. */
static void
test_damaged_while_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *records_path = g_build_filename (fixture->path, "records", NULL);
  g_autofree char *payload_path = g_build_filename (fixture->path, "payload", NULL);
  g_autoptr (Model) model = model_new ();
  g_autoptr (SktJournal) journal = NULL;
  g_autoptr (SktJournalReader) reader = NULL;
  guint8 buffer[64];
  SktRecord record;
  gsize n;

  write_sample (fixture, model);
  journal = open_ok (fixture, NULL);
  reader = skt_journal_reader_new (journal);
  g_assert_cmpint (truncate (records_path, 64 + 2 * 48 + 7), ==, 0);
  g_assert_cmpint (truncate (payload_path, 30), ==, 0);
  g_assert_true (skt_journal_reader_get_record (reader, 1, &record));
  g_assert_false (skt_journal_reader_get_record (reader, 2, &record));
  g_assert_false (skt_journal_reader_get_record (reader, 9, &record));
  g_assert_cmpuint (skt_journal_read_payload (journal, 20, buffer, 20), ==, 10);
  g_assert_nonnull (skt_journal_reader_peek_payload (reader, 29, 5, &n));
  g_assert_cmpuint (n, ==, 1);
  g_assert_null (skt_journal_reader_peek_payload (reader, 30, 5, &n));
  g_assert_null (skt_journal_reader_peek_payload (reader, 100, 5, &n));
}

/* -- Not a journal at all ------------------------------------------------------------------------------------ */

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) journal = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (skt_journal_open (fixture->path, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_bad (fixture, "records");
  write_records (fixture, NULL, 0);
  journal = open_ok (fixture, NULL);
  g_assert_cmpuint (skt_journal_get_n_records (journal), ==, 0);
}

static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  g_autofree char *payload = g_build_filename (fixture->path, "payload", NULL);
  g_autofree char *records = g_build_filename (fixture->path, "records", NULL);
  g_autoptr (SktJournal) journal = NULL;

  /* A file, a link to a journal. */
  write_file (fixture->folder, "session", "x", 1);
  assert_bad (fixture, "not a folder");
  g_assert_cmpint (unlink (fixture->path), ==, 0);
  g_assert_cmpint (symlink (fixture->folder, fixture->path), ==, 0);
  assert_bad (fixture, "not a folder");
  g_assert_cmpint (unlink (fixture->path), ==, 0);

  /* Files that are missing, links, folders, pipes. */
  write_records (fixture, NULL, 0);
  g_assert_cmpint (unlink (payload), ==, 0);
  assert_bad (fixture, "payload");
  g_assert_cmpint (symlink ("records", payload), ==, 0);
  assert_bad (fixture, "payload");
  g_assert_cmpint (unlink (payload), ==, 0);
  g_assert_cmpint (g_mkdir (payload, 0700), ==, 0);
  assert_bad (fixture, "payload");
  g_assert_cmpint (rmdir (payload), ==, 0);
  g_assert_cmpint (mkfifo (payload, 0600), ==, 0);
  assert_bad (fixture, "payload");
  g_assert_cmpint (unlink (payload), ==, 0);
  write_file (fixture->path, "payload", "", 0);
  journal = open_ok (fixture, NULL);
  g_assert_cmpint (unlink (records), ==, 0);
  g_assert_cmpint (mkfifo (records, 0600), ==, 0);
  assert_bad (fixture, "records");
}

static void
test_header_lengths (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) empty = _skt_journal_new (fixture->path);
  SktJournalHeader header;

  _skt_journal_header_to_disk (empty, 0, &header);
  g_mkdir (fixture->path, 0700);
  write_file (fixture->path, "payload", "", 0);
  for (gsize length = 0; length < sizeof header; length++)
    {
      write_file (fixture->path, "records", &header, length);
      assert_bad (fixture, "not that of a session");
    }
}

static void
test_newer_version (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) empty = _skt_journal_new (fixture->path);
  SktJournalHeader header;

  g_mkdir (fixture->path, 0700);
  write_file (fixture->path, "payload", "", 0);
  _skt_journal_header_to_disk (empty, 0, &header);
  header.version = GUINT32_TO_LE (SKT_JOURNAL_VERSION + 1);
  header.crc = GUINT32_TO_LE (skt_crc32 (0, (const guint8 *) &header, 60));
  write_file (fixture->path, "records", &header, sizeof header);
  assert_bad (fixture, "newer version");
}

static void
test_older_version (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) empty = _skt_journal_new (fixture->path);
  g_autoptr (SktJournal) opened = NULL;
  g_autoptr (GError) error = NULL;
  SktJournalHeader header;

  g_mkdir (fixture->path, 0700);
  write_file (fixture->path, "payload", "", 0);
  _skt_journal_header_to_disk (empty, 0, &header);
  header.version = GUINT32_TO_LE (1);
  header.crc = GUINT32_TO_LE (skt_crc32 (0, (const guint8 *) &header, 60));
  write_file (fixture->path, "records", &header, sizeof header);
  opened = skt_journal_open (fixture->path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (skt_journal_get_n_records (opened), ==, 0);
}

/* A header that is whole but says that more was cleared than there is. */
static void
test_first_record_beyond (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Model) model = model_new ();
  g_autoptr (SktJournal) empty = _skt_journal_new (fixture->path);
  g_autoptr (SktJournal) journal = NULL;
  g_autoptr (GBytes) records = NULL;
  g_autofree guint8 *copy = NULL;
  SktJournalHeader header;

  write_sample (fixture, model);
  records = read_file (fixture->path, "records");
  copy = g_memdup2 (g_bytes_get_data (records, NULL), g_bytes_get_size (records));
  _skt_journal_header_to_disk (empty, G_MAXUINT64, &header);
  memcpy (copy, &header, sizeof header);
  write_file (fixture->path, "records", copy, g_bytes_get_size (records));
  journal = open_ok (fixture, NULL);
  g_assert_cmpuint (skt_journal_get_first_record (journal), ==, N_RECORDS);
}

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SktJournal) empty = _skt_journal_new (fixture->path);
  SktJournalHeader header;

  _skt_journal_header_to_disk (empty, 0, &header);
  g_mkdir (fixture->path, 0700);
  for (guint i = 0; i < 300; i++)
    {
      guint8 bytes[1000];
      gsize length = g_test_rand_int_range (0, sizeof bytes);
      g_autoptr (SktJournal) journal = NULL;

      for (gsize j = 0; j < sizeof bytes; j++)
        bytes[j] = g_test_rand_int ();
      write_file (fixture->path, "payload", bytes, length);
      if (i % 2 != 0)
        memcpy (bytes, &header, sizeof header);
      write_file (fixture->path, "records", bytes, length);
      if (i % 2 == 0 || length < sizeof header)
        {
          assert_bad (fixture, "");
          continue;
        }
      journal = open_ok (fixture, NULL);
      g_assert_cmpuint (skt_journal_get_n_records (journal), ==, 0);
    }
}

#define ADD(name, func) \
  g_test_add ("/core/journal/damage/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
add_damage_tests (void)
{
  ADD ("records-truncated", test_records_truncated);
  ADD ("payload-truncated", test_payload_truncated);
  ADD ("payload-longer", test_payload_longer);
  ADD ("flipped", test_flipped);
  ADD ("payload-flipped", test_payload_flipped);
  ADD ("impossible", test_impossible);
  ADD ("while-open", test_damaged_while_open);
  ADD ("missing", test_missing);
  ADD ("foreign", test_foreign);
  ADD ("header-lengths", test_header_lengths);
  ADD ("newer-version", test_newer_version);
  ADD ("older-version", test_older_version);
  ADD ("first-record-beyond", test_first_record_beyond);
  ADD ("garbage", test_garbage);
}
