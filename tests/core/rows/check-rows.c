/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"

#include <glib/gstdio.h>
#include <string.h>

#include "skt-decode.h"

/* What each stream of the newest journal has had. */
static GHashTable *stream_offsets;

SktJournal *
check_journal_new (void)
{
  g_autoptr (GError) error = NULL;
  SktJournal *journal;

  do
    {
      g_autofree char *path = g_dir_make_tmp ("skt-rows-XXXXXX", &error);

      g_assert_no_error (error);
      /* The journal replaces the empty folder, and removes its own at the end. Another test may come between. */
      g_assert_cmpint (g_rmdir (path), ==, 0);
      journal = skt_journal_create (path, &error);
    }
  while (journal == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) && (g_clear_error (&error), TRUE));
  g_assert_no_error (error);
  skt_journal_set_delete_on_free (journal, TRUE);
  /* Another may have been at the same address. */
  g_clear_pointer (&stream_offsets, g_hash_table_unref);
  return journal;
}

/* Keeps count of what each stream has had, as a transport does. */
static guint64
take_stream_offset (SktJournal *journal, guint64 stream, gsize length)
{
  static SktJournal *last;
  gpointer key = GUINT_TO_POINTER (stream);
  gsize offset;

  if (last != journal)
    g_clear_pointer (&stream_offsets, g_hash_table_unref);
  if (stream_offsets == NULL)
    stream_offsets = g_hash_table_new (NULL, NULL);
  last = journal;
  offset = GPOINTER_TO_SIZE (g_hash_table_lookup (stream_offsets, key));
  g_hash_table_insert (stream_offsets, key, GSIZE_TO_POINTER (offset + length));
  return offset;
}

void
check_journal_add (SktJournal *journal, SktRecordKind kind, guint32 connection, const void *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  SktRecord record = { .kind = kind, .connection = connection };

  if (skt_record_is_data (&record))
    {
      record.length = length;
      record.stream_offset = take_stream_offset (journal, skt_stream_key (&record), length);
    }
  g_assert_true (skt_journal_append (journal, &record, bytes, length, &error));
  g_assert_no_error (error);
  g_assert_true (skt_journal_flush (journal, &error));
  g_assert_no_error (error);
}

/* Bytes that have much of what matters: line feeds, ASCII, whole and broken characters. */
static void
fill_random (GRand *rand, GString *bytes, guint length)
{
  static const char *const bits[] = { "\n", "a", "word ", "\r\n", "\xe4\xbd\xa0", "\xe4\xbd", "\xf0\x9f\x98\x80",
                                      "\xff", "\xc4\xe3", "\x81\x30\x81\x30", "\x81", "\x30", "\x0a", "\xcc\x81" };

  while (bytes->len < length)
    g_string_append (bytes, bits[g_rand_int_range (rand, 0, G_N_ELEMENTS (bits))]);
  g_string_truncate (bytes, length);
}

void
check_journal_add_random (SktJournal *journal, GRand *rand, guint n_records, guint max_length)
{
  for (guint i = 0; i < n_records; i++)
    {
      g_autoptr (GString) bytes = g_string_new (NULL);
      guint32 connection = g_rand_int_range (rand, 1, 4);
      int what = g_rand_int_range (rand, 0, 10);

      if (what == 0)
        {
          check_journal_add (journal, SKT_RECORD_NOTE, connection, "note", 4);
          continue;
        }
      fill_random (rand, bytes, g_rand_int_range (rand, 1, max_length + 1));
      check_journal_add (journal, what < 7 ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, connection, bytes->str, bytes->len);
    }
}

SktLayout *
check_layout_new_filtered (SktView view,
                           SktEncoding encoding,
                           guint bytes_per_row,
                           const guint32 *connections,
                           gsize n_connections)
{
  SktLayoutOptions options = {
    .view = view,
    .encoding = encoding,
    .bytes_per_row = bytes_per_row,
    .connections = connections,
    .n_connections = n_connections,
  };
  return skt_layout_new (&options);
}

SktLayout *
check_layout_new (SktView view, SktEncoding encoding, guint bytes_per_row)
{
  return check_layout_new_filtered (view, encoding, bytes_per_row, NULL, 0);
}

GArray *
check_list_rows (SktJournal *journal, SktLayout *layout)
{
  g_autoptr (SktRowScanner) scanner = skt_row_scanner_new (journal, layout);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (SktRow));
  SktRow row = { 0 };

  skt_row_scanner_seek (scanner, (SktPosition){ skt_journal_get_first_record (journal), 0 }, G_MAXUINT64);
  while (!row.is_open && skt_row_scanner_next (scanner, &row))
    g_array_append_val (rows, row);
  return rows;
}

char *
check_dup_text (SktJournal *journal, SktLayout *layout, guint64 stream)
{
  g_autoptr (GArray) rows = check_list_rows (journal, layout);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const SktRow *row = &g_array_index (rows, SktRow, i);
      SktRecord record;
      guint8 bytes[SKT_TEXT_ROW_BYTES + 8];

      g_assert_true (skt_journal_reader_get_record (reader, row->record, &record));
      if (!skt_record_is_data (&record) || skt_stream_key (&record) != stream)
        continue;
      g_assert_cmpuint (skt_row_read (row, journal, reader, layout, bytes), ==, row->length);
      skt_decode_append_plain (skt_layout_get_encoding (layout), &row->carry, bytes, row->length, row->ends_piece, text);
    }
  return g_string_free (text, FALSE);
}

void
check_assert_same_row (const SktRow *a, const SktRow *b)
{
  g_assert_cmpuint (a->record, ==, b->record);
  g_assert_cmpuint (a->begin, ==, b->begin);
  g_assert_cmpuint (a->length, ==, b->length);
  g_assert_cmpuint (a->end.record, ==, b->end.record);
  g_assert_cmpuint (a->end.begin, ==, b->end.begin);
  g_assert_cmpuint (a->is_first, ==, b->is_first);
  g_assert_cmpuint (a->is_last, ==, b->is_last);
  g_assert_cmpuint (a->ends_piece, ==, b->ends_piece);
  g_assert_cmpuint (a->is_open, ==, b->is_open);
  g_assert_cmpuint (a->continues, ==, b->continues);
  g_assert_cmpuint (a->is_unfinished, ==, b->is_unfinished);
  g_assert_cmpmem (a->carry.bytes, a->carry.length, b->carry.bytes, b->carry.length);
}
