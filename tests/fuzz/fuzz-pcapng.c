/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "skt-import.h"
#include "skt-pcapng.h"

/* Opens a file made of the input and reads all there is.
 *
 * The first byte of the input says how. 'P': the rest is the file. Anything else: the rest are segments of TCP, which are
 * packed into a right file, so that not every input ends at the first block. A segment is a byte of its flags and its sender,
 * two of its sequence number, two of what it acknowledges, one of its length, and its bytes. */

#define SEGMENT_HEAD 6
#define SENDER (1 << 7)
#define PORTS (1 << 6) /* another pair of ports */
#define OURS 1         /* first byte: the file says that this program wrote it */

static char *folder, *file, *sessions;

static void
remove_folder (void)
{
  g_unlink (file);
  g_rmdir (sessions);
  g_rmdir (folder);
}

static void
ensure_folder (void)
{
  const char *base = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir ();

  if (folder != NULL)
    return;
  folder = g_build_filename (base, "skt-fuzz-pcapng-XXXXXX", NULL);
  if (g_mkdtemp (folder) == NULL)
    g_error ("no temporary folder");
  file = g_build_filename (folder, "file", NULL);
  sessions = g_build_filename (folder, "sessions", NULL);
  atexit (remove_folder);
}

static void
write_file (const guint8 *bytes, gsize length)
{
  int fd = g_open (file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (fd < 0 || write (fd, bytes, length) != (gssize) length)
    g_error ("%s cannot be written", file);
  close (fd);
}

/* -- Segments, packed ---------------------------------------------------------------------------------------- */

static void
put (GByteArray *out, guint32 value)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (out, (const guint8 *) &value, 4);
}

static void
put_be (GByteArray *out, guint32 value, guint n)
{
  value = GUINT32_TO_BE (value);
  g_byte_array_append (out, (const guint8 *) &value + 4 - n, n);
}

static void
put_section (GByteArray *out, gboolean is_ours)
{
  static const guint8 application[] = "\4\0\11\0Socketeer\0\0";

  put (out, SKT_PCAPNG_BLOCK_SECTION);
  put (out, 28 + (is_ours ? 16 : 0));
  put (out, SKT_PCAPNG_BYTE_ORDER);
  put (out, 1);
  put (out, 0xFFFFFFFF);
  put (out, 0xFFFFFFFF);
  if (is_ours)
    g_byte_array_append (out, application, 16);
  put (out, 28 + (is_ours ? 16 : 0));
  put (out, SKT_PCAPNG_BLOCK_INTERFACE);
  put (out, 20);
  put (out, SKT_LINKTYPE_RAW);
  put (out, 0);
  put (out, 20);
}

static void
put_segment (GByteArray *out, const guint8 *head, const guint8 *bytes, gsize length)
{
  const gsize padded = (40 + length + 3) / 4 * 4;
  const guint from = (head[0] & SENDER) != 0;

  put (out, SKT_PCAPNG_BLOCK_PACKET);
  put (out, 32 + padded);
  put (out, 0);
  put (out, 0);
  put (out, 1);
  put (out, 40 + length);
  put (out, 40 + length);
  put_be (out, 0x45000000 + 40 + length, 4);
  put_be (out, 0, 4);
  put_be (out, 0x40060000, 4);
  put_be (out, 0x0A000001 + from, 4);
  put_be (out, 0x0A000001 + !from, 4);
  put_be (out, 1000 + from, 2);
  put_be (out, 1000 + !from + (head[0] & PORTS ? 1 : 0), 2);
  put_be (out, (guint32) (gint32) (gint16) (head[1] << 8 | head[2]), 4);
  put_be (out, (guint32) (gint32) (gint16) (head[3] << 8 | head[4]), 4);
  put_be (out, 0x5000FFFF | (head[0] & 0x1F) << 16, 4);
  put_be (out, 0, 4);
  g_byte_array_append (out, bytes, length);
  g_byte_array_set_size (out, out->len + padded - 40 - length);
  put (out, 32 + padded);
}

static GByteArray *
pack_segments (const guint8 *data, gsize size, gboolean is_ours)
{
  GByteArray *out = g_byte_array_new ();

  put_section (out, is_ours);
  while (size >= SEGMENT_HEAD)
    {
      const gsize length = MIN (data[5], size - SEGMENT_HEAD);

      put_segment (out, data, data + SEGMENT_HEAD, length);
      data += SEGMENT_HEAD + length;
      size -= SEGMENT_HEAD + length;
    }
  return out;
}

/* -- What came of it ------------------------------------------------------------------------------------------- */

static void
check_journal (SktJournal *journal, gsize size, gboolean has_order)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  g_autoptr (GHashTable) ends = g_hash_table_new (NULL, NULL);
  guint64 n_bytes = 0;

  for (guint64 i = 0; i < skt_journal_get_n_records (journal); i++)
    {
      SktRecord record;
      gpointer key;
      guint8 byte;

      g_assert_true (skt_journal_reader_get_record (reader, i, &record));
      if (!skt_record_is_data (&record))
        continue;
      g_assert_cmpuint (record.length, >, 0);
      g_assert_cmpuint (skt_journal_read_payload (journal, record.offset + record.length - 1, &byte, 1), ==, 1);
      n_bytes += record.length;
      /* Within a stream nothing comes twice. */
      key = GUINT_TO_POINTER (record.connection << 1 | (record.kind == SKT_RECORD_SENT));
      if (has_order)
        g_assert_cmpuint (record.stream_offset, >=, GPOINTER_TO_SIZE (g_hash_table_lookup (ends, key)));
      g_hash_table_insert (ends, key, GSIZE_TO_POINTER (record.stream_offset + record.length));
    }
  g_assert_cmpuint (n_bytes, <=, size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SktImport) import = NULL;
  g_autoptr (GByteArray) packed = NULL;
  g_autoptr (GError) error = NULL;
  const gboolean is_file = size > 0 && data[0] == 'P';

  if (size == 0)
    return 0;
  ensure_folder ();
  if (is_file)
    write_file (data + 1, size - 1);
  else
    {
      packed = pack_segments (data + 1, size - 1, data[0] & OURS);
      write_file (packed->data, packed->len);
    }
  import = skt_import (file, sessions, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (import->warning == NULL || g_utf8_validate (import->warning, -1, NULL));
  if (!is_file)
    g_assert_true (import->warning == NULL && import->kind == SKT_IMPORT_CAPTURE);
  check_journal (import->journal, size, !is_file && !(data[0] & OURS));
  return 0;
}
