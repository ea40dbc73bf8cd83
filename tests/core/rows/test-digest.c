/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "skt-byte-walk.h"
#include "skt-digest.h"
#include "skt-error.h"
#include "skt-hex.h"
#include "skt-selection.h"

static const SktPosition START = { 0, 0 }, END = { G_MAXUINT64, 0 };

static SktLayout *
new_layout (gint64 connection)
{
  guint32 only = connection;
  return check_layout_new_filtered (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16, connection < 0 ? NULL : &only, 1);
}

/* -- The plain bytes, found in the simplest way ---------------------------------------------------------------- */

static GByteArray *
list_bytes (SktJournal *journal, SktLayout *layout, SktPosition from, SktPosition to)
{
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  GByteArray *all = g_byte_array_new ();
  SktRecord record;

  for (guint64 i = 0; skt_journal_reader_get_record (reader, i, &record); i++)
    for (guint32 k = 0; k < record.length; k++)
      {
        SktPosition at = { i, k };
        guint8 byte;

        if (!skt_record_is_data (&record) || !skt_layout_shows (layout, &record)
            || skt_position_compare (&at, &from) < 0 || skt_position_compare (&at, &to) >= 0)
          continue;
        g_assert_cmpuint (skt_journal_read_payload (journal, record.offset + k, &byte, 1), ==, 1);
        g_byte_array_append (all, &byte, 1);
      }
  return all;
}

static void
check_hash (GChecksumType type, const GByteArray *bytes, const char *found)
{
  g_autofree char *wanted = g_compute_checksum_for_data (type, bytes->data, bytes->len);
  g_assert_cmpstr (found, ==, wanted);
}

static void
check_digest (const SktDigest *digest, const GByteArray *bytes)
{
  guint counts[256] = { 0 };
  guint n_distinct = 0;
  guint64 sum = 0;
  guint8 xor = 0;
  double entropy = 0;

  for (guint i = 0; i < bytes->len; i++)
    {
      sum += bytes->data[i];
      xor ^= bytes->data[i];
      n_distinct += counts[bytes->data[i]]++ == 0;
    }
  for (guint i = 0; i < 256; i++)
    if (counts[i] > 0)
      entropy -= (double) counts[i] / bytes->len * log2 ((double) counts[i] / bytes->len);
  g_assert_true (digest->is_complete);
  g_assert_cmpuint (digest->length, ==, bytes->len);
  g_assert_cmpuint (digest->sum, ==, sum);
  g_assert_cmpuint (digest->xor, ==, xor);
  g_assert_cmpuint (digest->n_distinct, ==, n_distinct);
  g_assert_cmpfloat_with_epsilon (digest->entropy, entropy, 1e-9);
  g_assert_false (signbit (digest->entropy));
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    {
      SktChecksumState state;

      skt_checksum_init (&state, i);
      skt_checksum_update (&state, bytes->data, bytes->len);
      g_assert_cmphex (digest->checksums[i], ==, skt_checksum_get_value (&state));
    }
  check_hash (G_CHECKSUM_MD5, bytes, digest->md5);
  check_hash (G_CHECKSUM_SHA1, bytes, digest->sha1);
  check_hash (G_CHECKSUM_SHA256, bytes, digest->sha256);
}

/* -- Waiting --------------------------------------------------------------------------------------------------- */

typedef struct
{
  GAsyncResult *result;
  GCancellable *cancel_at; /* cancelled by the progress */
  guint n_progress, n_partial;
  guint64 length;
} Wait;

static void
done_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ((Wait *) user_data)->result = g_object_ref (result);
}

static void
progress_cb (const SktDigest *digest, guint64 done, guint64 total, gpointer user_data)
{
  Wait *wait = user_data;

  g_assert_null (wait->result);
  g_assert_cmpuint (done, <=, total);
  wait->n_progress++;
  if (digest != NULL)
    {
      g_assert_false (digest->is_complete);
      wait->length = digest->length;
      wait->n_partial++;
      g_cancellable_cancel (wait->cancel_at);
    }
}

static gboolean
digest_now (SktJournal *journal, SktLayout *layout, SktPosition from, SktPosition to, Wait *wait, SktDigest *digest,
            GError **error)
{
  gboolean ok;

  skt_digest_async (journal, layout, from, to, wait->cancel_at, progress_cb, wait, done_cb, wait);
  while (wait->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  ok = skt_digest_finish (wait->result, digest, error);
  g_object_unref (wait->result);
  return ok;
}

static void
check_range (SktJournal *journal, SktLayout *layout, SktPosition from, SktPosition to)
{
  g_autoptr (GByteArray) bytes = list_bytes (journal, layout, from, to);
  g_autoptr (GError) error = NULL;
  Wait wait = { 0 };
  SktDigest digest, now;

  g_assert_true (digest_now (journal, layout, from, to, &wait, &digest, &error));
  g_assert_no_error (error);
  check_digest (&digest, bytes);
  if (skt_digest_try_now (journal, layout, from, to, &now))
    check_digest (&now, bytes);
  else
    g_assert_true (to.record == END.record || bytes->len > 32 * 1024);
}

/* -- Tests ----------------------------------------------------------------------------------------------------- */

static void
test_known (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = new_layout (-1);
  SktDigest digest;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "x1234", 5);
  check_journal_add (journal, SKT_RECORD_NOTE, 1, "not this", 8);
  check_journal_add (journal, SKT_RECORD_SENT, 1, "56789y", 6);
  g_assert_true (skt_digest_try_now (journal, layout, (SktPosition){ 0, 1 }, (SktPosition){ 2, 5 }, &digest));
  g_assert_cmpuint (digest.length, ==, 9);
  g_assert_cmpuint (digest.sum, ==, 0x1DD);
  g_assert_cmphex (digest.xor, ==, 0x31);
  g_assert_cmpuint (digest.n_distinct, ==, 9);
  g_assert_cmpfloat_with_epsilon (digest.entropy, log2 (9), 1e-9);
  g_assert_cmphex (digest.checksums[SKT_CHECKSUM_CRC_16_MODBUS], ==, 0x4B37);
  g_assert_cmphex (digest.checksums[SKT_CHECKSUM_CRC_32_ISO_HDLC], ==, 0xCBF43926);
  g_assert_cmpstr (digest.md5, ==, "25f9e794323b453885f5181f1b624d0b");
}

static void
test_entropy (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = new_layout (-1);
  guint8 all[256];
  SktDigest digest;

  for (guint i = 0; i < 256; i++)
    all[i] = i;
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "aaaaaaaa", 8);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, all, 256);
  g_assert_true (skt_digest_try_now (journal, layout, START, (SktPosition){ 1, 0 }, &digest));
  g_assert_cmpfloat (digest.entropy, ==, 0);
  g_assert_false (signbit (digest.entropy));
  g_assert_true (skt_digest_try_now (journal, layout, (SktPosition){ 1, 0 }, (SktPosition){ 2, 0 }, &digest));
  g_assert_cmpfloat (digest.entropy, ==, 8);
  g_assert_cmpuint (digest.n_distinct, ==, 256);
}

static void
test_nothing (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = new_layout (7), all = new_layout (-1);

  check_range (journal, all, START, END);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "hello", 5);
  check_journal_add (journal, SKT_RECORD_CLOSED, 1, "", 0);
  check_range (journal, layout, START, END);
  check_range (journal, all, (SktPosition){ 0, 2 }, (SktPosition){ 0, 2 });
  check_range (journal, all, (SktPosition){ 0, 5 }, (SktPosition){ 2, 0 });
  check_range (journal, all, (SktPosition){ 0, 4 }, (SktPosition){ 0, 1 });
}

static void
test_random (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  check_journal_add_random (journal, rand, 120, 60);
  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (SktLayout) layout = new_layout (g_rand_int_range (rand, -1, 4));
      SktPosition from = { g_rand_int_range (rand, 0, 121), g_rand_int_range (rand, 0, 62) };
      SktPosition to = { g_rand_int_range (rand, 0, 122), g_rand_int_range (rand, 0, 62) };

      check_range (journal, layout, from, to);
    }
}

static void
test_large (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = new_layout (1);
  gsize length = 700 * 1000;
  g_autofree guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = g_test_rand_int ();
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, length / 2);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 2, "other", 5);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes + length / 2, length / 2);
  check_range (journal, layout, START, END);
  check_range (journal, layout, (SktPosition){ 0, 1234 }, (SktPosition){ 2, 100 });
}

/* More than is made at once: too many bytes, too many records. */
static void
test_too_many_for_now (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = new_layout (-1);
  g_autofree guint8 *bytes = g_malloc0 (32 * 1024 + 1);
  SktDigest digest;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, 32 * 1024 + 1);
  g_assert_false (skt_digest_try_now (journal, layout, START, END, &digest));
  g_assert_false (skt_digest_try_now (journal, layout, START, (SktPosition){ 1, 0 }, &digest));
  g_assert_true (skt_digest_try_now (journal, layout, (SktPosition){ 0, 1 }, (SktPosition){ 1, 0 }, &digest));
  g_assert_cmpuint (digest.length, ==, 32 * 1024);
  for (guint i = 0; i < 1200; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "a", 1);
  g_assert_false (skt_digest_try_now (journal, layout, (SktPosition){ 1, 0 }, (SktPosition){ 1200, 0 }, &digest));
}

static void
add_zeros (SktJournal *journal, guint n_mebibytes)
{
  gsize piece = 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc0 (piece);

  for (guint i = 0; i < n_mebibytes; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, piece);
}

/* Before it begins, and in the midst of the second pass, of which the progress tells. */
static void
test_cancel (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = new_layout (-1);
  g_autoptr (GCancellable) before = g_cancellable_new (), within = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Wait wait = { .cancel_at = before }, second = { .cancel_at = within };
  SktDigest digest;

  add_zeros (journal, 48);
  g_cancellable_cancel (before);
  g_assert_false (digest_now (journal, layout, START, END, &wait, &digest, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  g_assert_false (digest_now (journal, layout, START, END, &second, &digest, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (second.n_partial, >=, 1);
  g_assert_cmpuint (second.length, ==, 48 * 1024 * 1024);
}

/* Published, and gone from the file: no digest of something else. */
static void
test_damaged (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = new_layout (-1);
  g_autofree char *path = g_build_filename (skt_journal_get_path (journal), "payload", NULL);
  g_autoptr (GError) error = NULL;
  Wait wait = { 0 };
  SktDigest digest;

  add_zeros (journal, 2);
  g_assert_cmpint (truncate (path, 1024 * 1024 + 7), ==, 0);
  g_assert_false (digest_now (journal, layout, START, END, &wait, &digest, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_JOURNAL);
}

/* -- The walk itself ------------------------------------------------------------------------------------------- */

static void
test_pieces (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  g_autoptr (SktLayout) layout = new_layout (2);
  g_autoptr (SktByteWalk) walk = NULL;
  g_autoptr (GByteArray) found = g_byte_array_new (), wanted = NULL;
  g_autoptr (GError) error = NULL;
  SktPosition at = { 5, 3 }, to = { 60, 7 };
  SktBytePiece piece;

  check_journal_add_random (journal, rand, 80, 40);
  wanted = list_bytes (journal, layout, at, to);
  walk = skt_byte_walk_new (journal, layout, at, to);
  while (skt_byte_walk_next (walk, &piece, NULL, &error))
    {
      SktPosition begin = { piece.index, piece.begin };

      g_assert_cmpuint (piece.length, >, 0);
      g_assert_cmpint (skt_position_compare (&at, &begin), <=, 0);
      g_assert_cmpuint (piece.record->connection, ==, 2);
      g_assert_cmpuint (piece.begin + piece.length, <=, piece.record->length);
      at = (SktPosition){ piece.index, piece.begin + piece.length };
      g_byte_array_append (found, piece.bytes, piece.length);
    }
  g_assert_no_error (error);
  g_assert_cmpmem (found->data, found->len, wanted->data, wanted->len);
}

/* Of what is shown only because it has a pattern, the bytes are those that are copied from the rows. */
static void
test_pattern (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (SktJournal) journal = check_journal_new ();
      g_autoptr (SktPattern) pattern = skt_pattern_new (SKT_PATTERN_TEXT, "a", SKT_ENCODING_UTF_8, TRUE, NULL, NULL);
      SktLayoutOptions options = { .mode = i % 2 == 0 ? SKT_MODE_READS : SKT_MODE_STREAM, .pattern = pattern };
      g_autoptr (SktLayout) layout = skt_layout_new (&options);
      SktPosition from = { g_rand_int_range (rand, 0, 30), g_rand_int_range (rand, 0, 20) };
      SktPosition to = { g_rand_int_range (rand, 30, 82), g_rand_int_range (rand, 0, 20) };
      g_autofree char *hex = NULL;
      g_autoptr (GBytes) wanted = NULL;
      g_autoptr (SktByteWalk) walk = NULL;
      g_autoptr (GError) error = NULL;
      guint8 bytes[8192];
      gsize n;

      check_journal_add_random (journal, rand, 80, 40);
      hex = skt_selection_copy (journal, layout, from, to, SKT_COPY_HEX, NULL, NULL, &error);
      g_assert_no_error (error);
      wanted = skt_hex_parse (hex, -1, NULL, &error);
      g_assert_no_error (error);
      walk = skt_byte_walk_new (journal, layout, from, to);
      g_assert_true (skt_byte_walk_read (walk, bytes, sizeof bytes, &n, NULL, &error));
      g_assert_cmpmem (bytes, n, g_bytes_get_data (wanted, NULL), g_bytes_get_size (wanted));
    }
}

static void
check_peek (SktJournal *journal, SktPosition at, gsize length, const char *wanted)
{
  guint8 bytes[64];
  gsize n = skt_byte_walk_peek_stream (journal, at, bytes, length, NULL);

  g_assert_cmpmem (bytes, n, wanted, strlen (wanted));
}

/* A number that was received in two reads is one number. */
static void
test_peek_stream (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktRecord record = { 0 };
  guint8 byte;

  check_journal_add (journal, SKT_RECORD_OPENED, 1, "a b", 3);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "abc", 3);
  check_journal_add (journal, SKT_RECORD_SENT, 1, "SENT", 4);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 2, "other", 5);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "def", 3);
  check_peek (journal, (SktPosition){ 1, 1 }, 2, "bc");
  check_peek (journal, (SktPosition){ 1, 1 }, 4, "bcde");
  check_peek (journal, (SktPosition){ 1, 1 }, 16, "bcdef");
  check_peek (journal, (SktPosition){ 2, 3 }, 16, "T");
  check_peek (journal, (SktPosition){ 1, 3 }, 16, "");
  check_peek (journal, (SktPosition){ 0, 0 }, 16, "");
  check_peek (journal, (SktPosition){ 5, 0 }, 16, "");
  check_peek (journal, (SktPosition){ G_MAXUINT64, 0 }, 16, "");
  g_assert_cmpuint (skt_byte_walk_peek_stream (journal, (SktPosition){ 4, 1 }, &byte, 1, &record), ==, 1);
  g_assert_cmpuint (record.connection, ==, 1);
  g_assert_cmpuint (record.kind, ==, SKT_RECORD_RECEIVED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/digest/known", test_known);
  g_test_add_func ("/core/digest/entropy", test_entropy);
  g_test_add_func ("/core/digest/nothing", test_nothing);
  g_test_add_func ("/core/digest/random", test_random);
  g_test_add_func ("/core/digest/large", test_large);
  g_test_add_func ("/core/digest/too-many-for-now", test_too_many_for_now);
  g_test_add_func ("/core/digest/cancel", test_cancel);
  g_test_add_func ("/core/digest/damaged", test_damaged);
  g_test_add_func ("/core/byte-walk/pieces", test_pieces);
  g_test_add_func ("/core/byte-walk/pattern", test_pattern);
  g_test_add_func ("/core/byte-walk/peek-stream", test_peek_stream);
  return g_test_run ();
}
