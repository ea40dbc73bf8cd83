/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-import.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "skt-pcapng.h"
#include "skt-record-text.h"

#define DEADLINE_SECONDS 60

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("skt-test-import-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->sessions = g_build_filename (fixture->folder, "sessions", NULL);
  fixture->file = g_build_filename (fixture->folder, "file", NULL);
  fixture->cancellable = g_cancellable_new ();
}

void
tear_down (Fixture *fixture, gconstpointer data)
{
  end_import (fixture);
  /* What was made of it has gone with it. */
  g_assert_cmpuint (count_sessions (fixture), ==, 0);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->sessions);
  g_free (fixture->file);
  g_object_unref (fixture->cancellable);
}

void
write_file (Fixture *fixture, const void *bytes, gsize length)
{
  g_assert_true (g_file_set_contents (fixture->file, bytes, length, NULL));
}

guint
count_sessions (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->sessions, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

void
end_import (Fixture *fixture)
{
  g_clear_pointer (&fixture->import, skt_import_free);
  g_clear_error (&fixture->error);
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->import = skt_import_finish (result, &fixture->error);
  g_assert_true ((fixture->import == NULL) == (fixture->error != NULL));
  fixture->is_done = TRUE;
}

static void
progress_cb (goffset done, goffset total, gpointer data)
{
  Fixture *fixture = data;

  g_assert_false (fixture->is_done);
  g_assert_cmpint (done, <=, total);
  g_assert_cmpint (done, >=, fixture->last_done);
  fixture->last_done = done;
  fixture->last_total = total;
  fixture->n_progress++;
  if (fixture->cancel_on_progress)
    g_cancellable_cancel (fixture->cancellable);
}

static gboolean
deadline_cb (gpointer data)
{
  g_error ("the import does not end");
  return G_SOURCE_REMOVE;
}

void
import_async (Fixture *fixture, const char *path)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_SECONDS, deadline_cb, NULL);

  end_import (fixture);
  fixture->is_done = FALSE;
  fixture->n_progress = 0;
  fixture->last_done = fixture->last_total = 0;
  skt_import_async (path, fixture->sessions, fixture->cancellable, progress_cb, fixture, imported_cb, fixture);
  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

void
import_ok (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  end_import (fixture);
  fixture->import = skt_import (fixture->file, fixture->sessions, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fixture->import);
}

static void
append_record (GString *text, SktJournal *journal, guint64 index, const SktRecord *record, gboolean with_times)
{
  g_autofree char *bytes = g_malloc0 ((gsize) record->length + 1);
  g_autofree char *sentence = NULL;

  g_assert_cmpuint (skt_journal_read_payload (journal, record->offset, (guint8 *) bytes, record->length), ==,
                    record->length);
  if (with_times)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT " ", record->time_ns);
  if (skt_record_is_data (record))
    {
      g_string_append_printf (text, "%s%s #%u %" G_GUINT64_FORMAT " ",
                              record->kind == SKT_RECORD_SENT ? "sent" : "received",
                              record->flags & SKT_RECORD_FLAG_AUTOMATIC ? " (echo)"
                              : record->flags & SKT_RECORD_FLAG_URGENT  ? " (urgent)"
                                                                        : "", record->connection,
                              record->stream_offset);
      if (record->length < 100)
        g_string_append (text, bytes);
      else
        {
          g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guchar *) bytes, record->length);

          g_string_append_printf (text, "%u %s", record->length, sum);
        }
    }
  else
    {
      sentence = skt_record_to_text (record, bytes, record->length);
      g_string_append_printf (text, "#%u %s", record->connection, sentence);
    }
  g_string_append_c (text, '\n');
}

static char *
dup_journal (SktJournal *journal, gboolean with_times)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  GString *text = g_string_new (NULL);

  for (guint64 i = skt_journal_get_first_record (journal); i < skt_journal_get_n_records (journal); i++)
    {
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      append_record (text, journal, i, &record, with_times);
    }
  return g_string_free (text, FALSE);
}

char *
dup_records (Fixture *fixture, gboolean with_times)
{
  return dup_journal (fixture->import->journal, with_times);
}

void
assert_records (Fixture *fixture, const char *expected)
{
  g_autofree char *text = dup_records (fixture, FALSE);

  g_assert_cmpstr (text, ==, expected);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  skt_export_finish (result, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  fixture->is_done = TRUE;
}

void
export_to_file (Fixture *fixture, SktJournal *journal, SktExportFormat format)
{
  const SktExportOptions options = { format, SKT_EXPORT_BOTH };

  fixture->is_done = FALSE;
  skt_export_async (journal, &options, fixture->file, NULL, NULL, NULL, exported_cb, fixture);
  while (!fixture->is_done)
    g_main_context_iteration (NULL, TRUE);
}

/* -- Captures ------------------------------------------------------------------------------------------------- */

static void
put_16 (Capture *self, guint16 value)
{
  value = self->is_swapped ? GUINT16_TO_BE (value) : GUINT16_TO_LE (value);
  g_byte_array_append (self->bytes, (const guint8 *) &value, 2);
}

static void
put_32 (Capture *self, guint32 value)
{
  value = self->is_swapped ? GUINT32_TO_BE (value) : GUINT32_TO_LE (value);
  g_byte_array_append (self->bytes, (const guint8 *) &value, 4);
}

static void
put_bytes (Capture *self, const void *bytes, gsize length)
{
  static const guint8 zeros[4];

  g_byte_array_append (self->bytes, bytes, length);
  g_byte_array_append (self->bytes, zeros, (4 - length % 4) % 4);
}

void
capture_block (Capture *self, guint32 type, const void *body, gsize length)
{
  put_32 (self, type);
  put_32 (self, 12 + (length + 3) / 4 * 4);
  put_bytes (self, body, length);
  put_32 (self, 12 + (length + 3) / 4 * 4);
}

void
capture_begin (Capture *self, int link_type, guint8 resolution)
{
  const gboolean has_resolution = resolution != 6;

  if (self->bytes == NULL)
    self->bytes = g_byte_array_new ();
  put_32 (self, SKT_PCAPNG_BLOCK_SECTION);
  put_32 (self, 28);
  put_32 (self, SKT_PCAPNG_BYTE_ORDER);
  put_16 (self, 1);
  put_16 (self, 0);
  put_32 (self, 0xFFFFFFFF);
  put_32 (self, 0xFFFFFFFF);
  put_32 (self, 28);
  if (link_type < 0)
    return;
  put_32 (self, SKT_PCAPNG_BLOCK_INTERFACE);
  put_32 (self, 20 + (has_resolution ? 8 : 0));
  put_16 (self, link_type);
  put_16 (self, 0);
  put_32 (self, 0);
  if (has_resolution)
    {
      put_16 (self, SKT_PCAPNG_OPTION_INTERFACE_RESOLUTION);
      put_16 (self, 1);
      put_bytes (self, &resolution, 1);
    }
  put_32 (self, 20 + (has_resolution ? 8 : 0));
}

void
capture_clear (Capture *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

void
capture_frame (Capture *self, guint64 time, const void *frame, gsize length, gsize original)
{
  const guint32 block_length = 32 + (length + 3) / 4 * 4;

  put_32 (self, SKT_PCAPNG_BLOCK_PACKET);
  put_32 (self, block_length);
  put_32 (self, 0);
  put_32 (self, time >> 32);
  put_32 (self, time);
  put_32 (self, length);
  put_32 (self, original);
  put_bytes (self, frame, length);
  put_32 (self, block_length);
}

static void
put_be (GByteArray *bytes, guint64 value, guint n)
{
  for (guint i = n; i > 0; i--)
    g_byte_array_append (bytes, (guint8[]) { value >> (8 * (i - 1)) }, 1);
}

GByteArray *
make_packet (guint from, guint32 sequence, guint32 acknowledgement, const char *flags, const char *text)
{
  const char *letters = "FSRPA";
  GByteArray *packet = g_byte_array_new ();
  guint bits = 0;

  for (guint i = 0; i < 5; i++)
    if (strchr (flags, letters[i]) != NULL)
      bits |= 1 << i;
  put_be (packet, 0x4500, 2);
  put_be (packet, 40 + strlen (text), 2);
  put_be (packet, 0, 4);
  put_be (packet, 0x40060000, 4);
  put_be (packet, 0x0A000001 + from, 4);
  put_be (packet, 0x0A000001 + !from, 4);
  put_be (packet, from == 0 ? 1000 : 2000, 2);
  put_be (packet, from == 0 ? 2000 : 1000, 2);
  put_be (packet, sequence, 4);
  put_be (packet, acknowledgement, 4);
  put_be (packet, 0x5000 | bits, 2);
  put_be (packet, 0xFFFF0000, 4);
  put_be (packet, 0, 2);
  g_byte_array_append (packet, (const guint8 *) text, strlen (text));
  return packet;
}

void
capture_segment (Capture *self, guint from, guint32 sequence, guint32 acknowledgement, const char *flags,
                 const char *text)
{
  g_autoptr (GByteArray) packet = make_packet (from, sequence, acknowledgement, flags, text);

  capture_frame (self, 1, packet->data, packet->len, packet->len);
}

void
capture_import (Fixture *fixture, Capture *self)
{
  write_file (fixture, self->bytes->data, self->bytes->len);
  import_ok (fixture);
  g_assert_cmpint (fixture->import->kind, ==, SKT_IMPORT_CAPTURE);
}
