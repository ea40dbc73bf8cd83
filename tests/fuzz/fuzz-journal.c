/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "skt-checksum.h"
#include "skt-error.h"
#include "skt-journal-private.h"

/* Opens a session folder made of the input and reads all there is.
 *
 * Input: a byte of flags, two bytes (little-endian) that say how long the file `records` is, that file, and the rest is
 * `payload`. So that not every input ends at a checksum: */
#define FLAG_ADD_HEADER (1 << 0) /* a right header is put before the records */
#define FLAG_FIX_HEADER (1 << 1)
#define FLAG_FIX_RECORDS (1 << 2)

static char *folder;

static void
remove_folder (void)
{
  const char *names[] = { "records", "payload" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
ensure_folder (void)
{
  const char *base = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir ();

  if (folder != NULL)
    return;
  folder = g_build_filename (base, "skt-fuzz-journal-XXXXXX", NULL);
  if (g_mkdtemp (folder) == NULL)
    g_error ("no temporary folder");
  atexit (remove_folder);
}

static void
write_file (const char *name, const guint8 *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (fd < 0 || write (fd, bytes, length) != (gssize) length)
    g_error ("%s cannot be written", path);
  close (fd);
}

static void
put_crc (guint8 *bytes, gsize length)
{
  guint32 crc = GUINT32_TO_LE (skt_crc32 (0, bytes, length - 4));

  memcpy (bytes + length - 4, &crc, 4);
}

static void
write_records (guint8 flags, const uint8_t *data, gsize length)
{
  g_autoptr (GByteArray) records = g_byte_array_new ();

  if (flags & FLAG_ADD_HEADER)
    {
      g_autoptr (SktJournal) empty = _skt_journal_new (folder);
      SktJournalHeader header;

      _skt_journal_header_to_disk (empty, 0, &header);
      g_byte_array_append (records, (const guint8 *) &header, sizeof header);
    }
  g_byte_array_append (records, data, length);
  if ((flags & FLAG_FIX_HEADER) && records->len >= sizeof (SktJournalHeader))
    put_crc (records->data, sizeof (SktJournalHeader));
  if (flags & FLAG_FIX_RECORDS)
    for (gsize i = sizeof (SktJournalHeader); i + sizeof (SktRecord) <= records->len; i += sizeof (SktRecord))
      put_crc (records->data + i, sizeof (SktRecord));
  write_file ("records", records->data, records->len);
}

static void
check_payload (SktJournalReader *reader, const SktRecord *record, const uint8_t *payload)
{
  SktJournal *journal = skt_journal_reader_get_journal (reader);
  g_autofree guint8 *bytes = g_malloc (record->length + 1);
  guint64 offset = record->offset;
  gsize left = record->length;

  g_assert_cmpuint (skt_journal_read_payload (journal, offset, bytes, left), ==, left);
  g_assert_true (memcmp (bytes, payload + offset, left) == 0);
  while (left > 0)
    {
      gsize n;
      const guint8 *peeked = skt_journal_reader_peek_payload (reader, offset, left, &n);

      g_assert_true (peeked != NULL && n > 0 && n <= left);
      g_assert_true (memcmp (peeked, payload + offset, n) == 0);
      offset += n;
      left -= n;
    }
}

static void
check_journal (SktJournal *journal, const uint8_t *payload, gsize payload_length)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  guint64 n = skt_journal_get_n_records (journal), first = skt_journal_get_first_record (journal), end = 0;
  SktRecord record;

  g_assert_cmpuint (skt_journal_get_payload_length (journal), <=, payload_length);
  g_assert_cmpuint (first, <=, n);
  g_assert_cmpuint (skt_journal_get_disk_size (journal), <=, payload_length + 64 + n * 48);
  /* What was cleared may be anything. */
  for (guint64 i = 0; i < first; i++)
    if (skt_journal_reader_get_record (reader, i, &record))
      check_payload (reader, &record, payload);
  for (guint64 i = first; i < n; i++)
    {
      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      g_assert_cmpuint (record.offset, >=, end);
      end = record.offset + record.length;
      g_assert_cmpuint (end, <=, payload_length);
      check_payload (reader, &record, payload);
    }
  if (n > first)
    g_assert_cmpuint (skt_journal_get_payload_length (journal), ==, end);
  g_assert_false (skt_journal_reader_get_record (reader, n, &record));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SktJournal) journal = NULL;
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (size < 3)
    return 0;
  ensure_folder ();
  length = MIN ((gsize) (data[1] | data[2] << 8), size - 3);
  write_records (data[0], data + 3, length);
  write_file ("payload", data + 3 + length, size - 3 - length);

  journal = skt_journal_open (folder, &warning, &error);
  if (journal != NULL)
    check_journal (journal, data + 3 + length, size - 3 - length);
  else
    g_assert_true (error->domain == SKT_ERROR && error->code == SKT_ERROR_BAD_JOURNAL &&
                   g_utf8_validate (error->message, -1, NULL));
  return 0;
}
