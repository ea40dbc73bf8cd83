/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"

#include <string.h>

static const SktEncoding encodings[] = { SKT_ENCODING_UTF_8, SKT_ENCODING_GB18030, SKT_ENCODING_SHIFT_JIS,
                                         SKT_ENCODING_UTF_16LE, SKT_ENCODING_ISO_8859_1 };

static void
extend (SktRowIndex *index)
{
  while (!skt_row_index_extend (index, 0, NULL))
    ;
  skt_row_index_check (index);
}

/* Every row by its number, alone and many at a time; every position back to its row. */
static void
assert_agrees (SktRowIndex *index, GArray *expected)
{
  g_autofree SktRow *rows = g_new (SktRow, expected->len + 1);
  guint64 number;

  g_assert_cmpuint (skt_row_index_get_n_rows (index), ==, expected->len);
  g_assert_cmpuint (skt_row_index_get_rows (index, 0, expected->len + 1, rows), ==, expected->len);
  for (guint i = 0; i < expected->len; i++)
    {
      const SktRow *row = &g_array_index (expected, SktRow, i);
      SktRow alone;

      check_assert_same_row (&rows[i], row);
      g_assert_cmpuint (skt_row_index_get_rows (index, i, 1, &alone), ==, 1);
      check_assert_same_row (&alone, row);
      g_assert_true (skt_row_index_find (index, (SktPosition){ row->record, row->begin }, &number));
      g_assert_cmpuint (number, ==, i);
      if (row->length > 1)
        {
          g_assert_true (skt_row_index_find (index, (SktPosition){ row->record, row->begin + row->length - 1 }, &number));
          g_assert_cmpuint (number, ==, i);
        }
    }
  g_assert_cmpuint (skt_row_index_get_rows (index, expected->len, 1, rows), ==, 0);
}

static const char *const rules[] = { "line lf", "line crlf", "fixed 7", "fixed 1500", "delimiter 0a0a", "pause 1",
                                     "length offset=1 width=1", "length offset=0 width=2 order=little counts=all" };

static SktLayout *
make_random_layout (GRand *rand)
{
  static const guint32 some[] = { 3, 1 };
  g_autoptr (SktPattern) pattern = NULL;
  gboolean is_filtered = g_rand_int_range (rand, 0, 3) == 0;
  SktFrameRule rule;
  SktLayoutOptions options = {
    .view = g_rand_int_range (rand, 0, SKT_N_VIEWS),
    .mode = g_rand_int_range (rand, 0, SKT_N_MODES),
    .encoding = encodings[g_rand_int_range (rand, 0, G_N_ELEMENTS (encodings))],
    .bytes_per_row = 8,
    .connections = is_filtered ? some : NULL,
    .n_connections = is_filtered ? G_N_ELEMENTS (some) : 0,
    .hides_received = g_rand_int_range (rand, 0, 6) == 0,
    .hides_sent = g_rand_int_range (rand, 0, 3) == 0,
    .hides_events = g_rand_int_range (rand, 0, 2) == 0,
    .frame_rule = &rule,
  };

  if (g_rand_int_range (rand, 0, 4) == 0)
    options.pattern = pattern = skt_pattern_new (SKT_PATTERN_TEXT, "a", options.encoding, FALSE, NULL, NULL);
  g_assert_true (skt_frame_rule_parse (rules[g_rand_int_range (rand, 0, G_N_ELEMENTS (rules))], &rule, NULL));
  return skt_layout_new (&options);
}

static void
test_random (void)
{
  GRand *rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint round = 0; round < 120; round++)
    {
      g_autoptr (SktJournal) journal = check_journal_new ();
      g_autoptr (SktLayout) layout = make_random_layout (rand);
      g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);
      g_autoptr (GArray) expected = NULL;

      /* It is looked at while it grows. */
      for (guint part = 0; part < 4; part++)
        {
          g_clear_pointer (&expected, g_array_unref);
          check_journal_add_random (journal, rand, g_rand_int_range (rand, 0, 30), part == 2 ? 3000 : 30);
          extend (index);
          expected = check_list_rows (journal, layout);
          assert_agrees (index, expected);
        }
    }
  g_rand_free (rand);
}

/* Lines are counted in passing: as many, and of the same length, as when each is looked at, around all that could differ. */
static void
test_lines (void)
{
  static const guint lengths[] = { 1, 2, 70, 1022, 1023, 1024, 1025, 1026, 2047, 2048, 2049, 5000 };
  GRand *rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint round = 0; round < 40; round++)
    {
      g_autoptr (SktJournal) journal = check_journal_new ();
      SktLayoutOptions options = {
        .view = SKT_VIEW_TEXT,
        .mode = round % 2 == 0 ? SKT_MODE_READS : SKT_MODE_STREAM,
        .encoding = encodings[round / 2 % G_N_ELEMENTS (encodings)],
      };
      g_autoptr (SktLayout) layout = skt_layout_new (&options);
      g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GArray) expected = NULL;

      for (guint i = 0; i < 200; i++)
        {
          guint length = lengths[g_rand_int_range (rand, 0, G_N_ELEMENTS (lengths))], at = bytes->len;

          g_byte_array_set_size (bytes, at + length);
          for (guint k = at; k < bytes->len; k++)
            bytes->data[k] = g_rand_int_range (rand, 0, 20) == 0 ? 0x81 + (guint) g_rand_int_range (rand, 0, 0x70) : 'a' + k % 26;
          /* after any byte, one that begins a character too */
          bytes->data[bytes->len - 1] = '\n';
        }
      for (gsize at = 0, n; at < bytes->len; at += n)
        {
          n = g_rand_int_range (rand, 1, 200000);
          n = MIN (n, bytes->len - at);
          check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes->data + at, n);
          extend (index);
        }
      expected = check_list_rows (journal, layout);
      g_assert_cmpuint (expected->len, >, 200);
      assert_agrees (index, expected);
    }
  g_rand_free (rand);
}

static void
test_empty (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);
  SktRow row;
  guint64 number;

  extend (index);
  g_assert_cmpuint (skt_row_index_get_n_rows (index), ==, 0);
  g_assert_cmpuint (skt_row_index_get_rows (index, 0, 1, &row), ==, 0);
  g_assert_false (skt_row_index_find (index, (SktPosition){ 0, 0 }, &number));
}

static void
test_hex_rows (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_HEX, SKT_ENCODING_UTF_8, 16);
  g_autoptr (GArray) rows = NULL;
  char bytes[40] = "";

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, 40);
  check_journal_add (journal, SKT_RECORD_PEER_FINISHED, 1, NULL, 0);
  check_journal_add (journal, SKT_RECORD_SENT, 1, bytes, 16);
  rows = check_list_rows (journal, layout);
  g_assert_cmpuint (rows->len, ==, 5);
  check_assert_same_row (&g_array_index (rows, SktRow, 1),
                         &(SktRow){ .record = 0, .begin = 16, .length = 16, .end = { 0, 32 } });
  check_assert_same_row (&g_array_index (rows, SktRow, 2),
                         &(SktRow){ .record = 0, .begin = 32, .length = 8, .end = { 0, 40 }, .is_last = TRUE, .ends_piece = TRUE });
  check_assert_same_row (&g_array_index (rows, SktRow, 3),
                         &(SktRow){ .record = 1, .end = { 1, 0 }, .is_first = TRUE, .is_last = TRUE, .ends_piece = TRUE });
  check_assert_same_row (&g_array_index (rows, SktRow, 4),
                         &(SktRow){ .record = 2, .length = 16, .end = { 2, 16 }, .is_first = TRUE, .is_last = TRUE, .ends_piece = TRUE });
}

/* Only those asked for, and what concerns the session itself. */
static void
test_filter (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  const guint32 two = 2;
  g_autoptr (SktLayout) layout = check_layout_new_filtered (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16, &two, 1);
  g_autoptr (SktLayout) none = check_layout_new_filtered (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16, &two, 0);
  g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);
  g_autoptr (GArray) rows = NULL, no_rows = NULL;

  for (guint i = 0; i < 100; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "one\n", 4);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 2, "two\n", 4);
  check_journal_add (journal, SKT_RECORD_LISTENING, 0, "here", 4);
  for (guint i = 0; i < 100; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "one\n", 4);
  check_journal_add (journal, SKT_RECORD_SENT, 2, "two\n", 4);
  rows = check_list_rows (journal, layout);
  g_assert_cmpuint (rows->len, ==, 3);
  extend (index);
  assert_agrees (index, rows);
  no_rows = check_list_rows (journal, none);
  g_assert_cmpuint (no_rows->len, ==, 1);
}

/* "你" in two reads of one connection, while another connection and the other direction talk in between. */
static void
test_split_character (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_GBK, 16);
  g_autofree char *one = NULL, *two = NULL, *sent = NULL;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "a\xc4", 2);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 2, "\xba", 1);
  check_journal_add (journal, SKT_RECORD_SENT, 1, "\xca", 1);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "\xe3\n", 2);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 2, "\xc3", 1);
  check_journal_add (journal, SKT_RECORD_SENT, 1, "\xc0", 1);
  one = check_dup_text (journal, layout, 2);
  two = check_dup_text (journal, layout, 4);
  sent = check_dup_text (journal, layout, 3);
  g_assert_cmpstr (one, ==, "a你\n");
  g_assert_cmpstr (two, ==, "好");
  g_assert_cmpstr (sent, ==, "世");
}

typedef struct
{
  SktEncoding encoding;
  const char *utf8;
  const char *tail; /* bytes that are no text, put in the middle */
} SplitCase;

static const SplitCase split_cases[] = {
  { SKT_ENCODING_UTF_8, "中文，héllo 😀\nおわり", "\xff\xe4\xbd\xf0\x9f\xc0\x80\xed\xa0\x80" },
  { SKT_ENCODING_GB18030, "中文，héllo 😀\n结束", "\xff\x81\x30\x81\x20\x80" },
  { SKT_ENCODING_SHIFT_JIS, "日本語、ﾊﾛｰ\nおわり", "\xa0\xfd\x81\x20\xfc\xff" },
  { SKT_ENCODING_UTF_16LE, "中文 héllo 😀\n结束", "\x00\xdc\x3d\xd8\x61\x00\x3d\xd8" },
};

static void
assert_split_text (GBytes *bytes, SktLayout *layout, const gsize *cuts, gsize n_cuts, const char *expected)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autofree char *text = NULL;
  gsize length, at = 0;
  const char *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i <= n_cuts; i++)
    {
      gsize end = i < n_cuts ? cuts[i] : length;
      if (end > at)
        check_journal_add (journal, SKT_RECORD_RECEIVED, 1, data + at, end - at);
      at = end;
    }
  text = check_dup_text (journal, layout, 2);
  g_assert_cmpstr (text, ==, expected);
}

/* The same picture however the stream was cut: every split into two, one byte at a time, in all views with text. */
static void
test_every_split (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (split_cases); i++)
    for (SktView view = SKT_VIEW_TEXT; view < SKT_N_VIEWS; view += SKT_VIEW_BOTH - SKT_VIEW_TEXT)
      {
        const SplitCase *c = &split_cases[i];
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) text = skt_encoding_encode (c->encoding, c->utf8, -1, NULL, &error);
        g_autoptr (GByteArray) all = g_byte_array_new ();
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (SktLayout) layout = check_layout_new (view, c->encoding, 8);
        g_autoptr (SktJournal) journal = check_journal_new ();
        g_autofree char *expected = NULL;
        g_autofree gsize *each = NULL;
        gsize length;

        g_assert_no_error (error);
        g_byte_array_append (all, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
        g_byte_array_append (all, (const guint8 *) c->tail, c->encoding == SKT_ENCODING_UTF_16LE ? 8 : strlen (c->tail));
        g_byte_array_append (all, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
        length = all->len;
        bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
        check_journal_add (journal, SKT_RECORD_RECEIVED, 1, g_bytes_get_data (bytes, NULL), length);
        expected = check_dup_text (journal, layout, 2);
        g_assert_true (g_str_has_prefix (expected, c->utf8));

        each = g_new (gsize, length);
        for (gsize cut = 1; cut < length; cut++)
          {
            each[cut - 1] = cut;
            assert_split_text (bytes, layout, &cut, 1, expected);
          }
        assert_split_text (bytes, layout, each, length - 1, expected);
      }
}

static void
test_long_line (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);
  gsize piece = 256 * 1024, n = 40;
  g_autofree char *bytes = g_malloc (piece);
  SktRow row;

  memset (bytes, 'x', piece);
  for (gsize i = 0; i < n; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, piece);
  extend (index);
  g_assert_cmpuint (skt_row_index_get_n_rows (index), ==, n * piece / SKT_TEXT_ROW_BYTES);
  g_assert_cmpuint (skt_row_index_get_rows (index, n * piece / SKT_TEXT_ROW_BYTES - 1, 1, &row), ==, 1);
  g_assert_cmpuint (row.record, ==, n - 1);
  g_assert_cmpuint (row.begin, ==, piece - SKT_TEXT_ROW_BYTES);
}

/* After a clear the rows that are left are the same as before it, also where a character was cut at the border. */
static void
test_cleared (void)
{
  GRand *rand = g_rand_new_with_seed (g_test_rand_int ());
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (GArray) all = NULL;

  check_journal_add_random (journal, rand, 80, 20);
  all = check_list_rows (journal, layout);
  for (guint64 first = 1; first < 80; first++)
    {
      g_autoptr (SktRowIndex) index = NULL;
      g_autoptr (GArray) rest = g_array_new (FALSE, FALSE, sizeof (SktRow));

      for (guint i = 0; i < all->len; i++)
        if (g_array_index (all, SktRow, i).record >= first)
          g_array_append_val (rest, g_array_index (all, SktRow, i));
      skt_journal_set_first_record (journal, first);
      index = skt_row_index_new (journal, layout);
      extend (index);
      assert_agrees (index, rest);
    }
  g_rand_free (rand);
}

static void
test_limit (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);

  for (guint i = 0; i < 20; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "line\n", 5);
  skt_row_index_set_limit (index, 7);
  extend (index);
  g_assert_cmpuint (skt_row_index_get_n_rows (index), ==, 7);
  skt_row_index_set_limit (index, G_MAXUINT64);
  extend (index);
  g_assert_cmpuint (skt_row_index_get_n_rows (index), ==, 20);
}

/* Few reads have what is looked for, and each is long: no call searches for long, and all rows are found in the end. */
static void
test_sparse_pattern (void)
{
  enum { N_READS = 40, READ_BYTES = 100 * 1024, LIMIT = 500 };
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktPattern) pattern = skt_pattern_new (SKT_PATTERN_TEXT, "needle", SKT_ENCODING_UTF_8, FALSE, NULL, NULL);
  SktLayoutOptions options = { .view = SKT_VIEW_TEXT, .bytes_per_row = 16, .pattern = pattern };
  g_autoptr (SktLayout) layout = skt_layout_new (&options);
  g_autoptr (SktRowScanner) scanner = skt_row_scanner_new (journal, layout);
  g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);
  g_autoptr (GArray) expected = NULL;
  g_autofree char *bytes = g_malloc (READ_BYTES);
  guint64 n_looked = 0;
  guint n_cuts = 0;
  SktRow row;

  memset (bytes, 'x', READ_BYTES);
  for (guint i = 0; i < N_READS; i++)
    {
      if (i == 7 || i == 33)
        check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "needle\n", 7);
      check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, READ_BYTES);
    }
  skt_row_scanner_seek (scanner, (SktPosition){ 8, 0 }, G_MAXUINT64);
  skt_row_scanner_set_skip_limit (scanner, LIMIT);
  while (!skt_row_scanner_next (scanner, &row))
    {
      guint64 looked = skt_row_scanner_take_looked (scanner);

      g_assert_true (skt_row_scanner_was_cut (scanner));
      g_assert_cmpuint (looked, <=, LIMIT + READ_BYTES / 1024 + 1);
      n_looked += looked;
      n_cuts++;
    }
  g_assert_cmpuint (row.record, ==, 34);
  n_looked += skt_row_scanner_take_looked (scanner);
  g_assert_cmpuint (n_looked, ==, (READ_BYTES / 1024 + 1) * 26);
  g_assert_cmpuint (n_cuts, ==, n_looked / (LIMIT + 1));

  extend (index);
  expected = check_list_rows (journal, layout);
  g_assert_cmpuint (expected->len, ==, 2);
  assert_agrees (index, expected);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/row-index/empty", test_empty);
  g_test_add_func ("/core/row-index/lines", test_lines);
  g_test_add_func ("/core/row-index/hex-rows", test_hex_rows);
  g_test_add_func ("/core/row-index/filter", test_filter);
  g_test_add_func ("/core/row-index/split-character", test_split_character);
  g_test_add_func ("/core/row-index/every-split", test_every_split);
  g_test_add_func ("/core/row-index/long-line", test_long_line);
  g_test_add_func ("/core/row-index/limit", test_limit);
  g_test_add_func ("/core/row-index/cleared", test_cleared);
  g_test_add_func ("/core/row-index/sparse-pattern", test_sparse_pattern);
  g_test_add_func ("/core/row-index/random", test_random);
  return g_test_run ();
}
