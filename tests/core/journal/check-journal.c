/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-journal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "skt-journal-private.h"

Model *
model_new (void)
{
  Model *self = g_new0 (Model, 1);

  self->records = g_array_new (FALSE, FALSE, sizeof (SktRecord));
  self->payload = g_byte_array_new ();
  return self;
}

void
model_free (Model *self)
{
  g_array_unref (self->records);
  g_byte_array_unref (self->payload);
  g_free (self);
}

void
model_add (Model *self, const SktRecord *record, const guint8 *data)
{
  g_assert_cmpuint (record->offset, ==, self->payload->len);
  g_array_append_val (self->records, *record);
  if (record->length > 0)
    g_byte_array_append (self->payload, data, record->length);
}

void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("skt-test-journal-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "session", NULL);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

guint8
pattern_byte (guint64 offset)
{
  return (offset * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 56;
}

guint8 *
pattern_new (guint64 offset, gsize length)
{
  guint8 *bytes = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    bytes[i] = pattern_byte (offset + i);
  return bytes;
}

void
append_pattern (SktJournal *journal, Model *model, gsize length)
{
  g_autofree guint8 *data = pattern_new (model->payload->len, length);
  g_autoptr (GError) error = NULL;
  SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = model->payload->len };

  skt_journal_append (journal, &record, data, length, &error);
  g_assert_no_error (error);
  model_add (model, &record, data);
}

void
append_event (SktJournal *journal, Model *model, SktRecordKind kind, const char *detail)
{
  g_autoptr (GError) error = NULL;
  SktRecord record = { .kind = kind, .connection = 1 };

  skt_journal_append (journal, &record, (const guint8 *) detail, strlen (detail), &error);
  g_assert_no_error (error);
  model_add (model, &record, (const guint8 *) detail);
}

static void
check_record_payload (SktJournalReader *reader, SktJournal *journal, Model *model, const SktRecord *record)
{
  g_autofree guint8 *bytes = g_malloc (record->length + 1);
  gsize done = 0;

  g_assert_cmpuint (skt_journal_read_payload (journal, record->offset, bytes, record->length), ==, record->length);
  g_assert_cmpint (memcmp (bytes, model->payload->data + record->offset, record->length), ==, 0);
  while (done < record->length)
    {
      gsize n;
      const guint8 *peeked =
        skt_journal_reader_peek_payload (reader, record->offset + done, record->length - done, &n);

      g_assert_nonnull (peeked);
      g_assert_cmpuint (n, >, 0);
      g_assert_cmpuint (n, <=, record->length - done);
      g_assert_cmpint (memcmp (peeked, bytes + done, n), ==, 0);
      done += n;
    }
}

void
check_prefix (SktJournal *journal, Model *model, guint64 n_records)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  guint64 end = 0;
  SktRecord record;
  guint8 byte;
  gsize n;

  g_assert_cmpuint (skt_journal_get_n_records (journal), ==, n_records);
  g_assert_cmpuint (n_records, <=, model->records->len);
  for (guint64 i = 0; i < n_records; i++)
    {
      const SktRecord *expected = &g_array_index (model->records, SktRecord, i);

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      g_assert_cmpmem (&record, sizeof record, expected, sizeof *expected);
      check_record_payload (reader, journal, model, &record);
      end = record.offset + record.length;
    }
  g_assert_cmpuint (skt_journal_get_payload_length (journal), ==, end);
  g_assert_false (skt_journal_reader_get_record (reader, n_records, &record));
  g_assert_false (skt_journal_reader_get_record (reader, G_MAXUINT64, &record));
  g_assert_cmpuint (skt_journal_read_payload (journal, end, &byte, 1), ==, 0);
  g_assert_null (skt_journal_reader_peek_payload (reader, end, 1, &n));
  g_assert_cmpuint (n, ==, 0);
}

void
check_all (SktJournal *journal, Model *model)
{
  check_prefix (journal, model, model->records->len);
}

void
write_file (const char *folder, const char *name, const void *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  /* Not g_file_set_contents_full(): without CONSISTENT it does not shorten a file (GLib 2.74). */
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, bytes, length), ==, length);
  g_assert_cmpint (close (fd), ==, 0);
}

GBytes *
read_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, length);
}
