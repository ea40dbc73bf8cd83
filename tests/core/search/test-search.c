/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "check-rows.h"
#include "skt-search.h"

#include <string.h>

#define DEADLINE_US (60 * G_USEC_PER_SEC)

/* -- Waiting ------------------------------------------------------------------------------------------------- */

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

#define wait_until(condition) \
  G_STMT_START \
    { \
      gint64 deadline_ = g_get_monotonic_time () + DEADLINE_US; \
      guint wake_ = g_timeout_add (20, wake_cb, NULL); \
      while (!(condition)) \
        { \
          g_assert_cmpint (g_get_monotonic_time (), <, deadline_); \
          g_main_context_iteration (NULL, TRUE); \
        } \
      g_source_remove (wake_); \
    } \
  G_STMT_END

static SktLayout *
new_layout (SktEncoding encoding)
{
  return skt_layout_new (&(SktLayoutOptions) { .encoding = encoding });
}

static SktSearch *
new_search (SktJournal *journal, SktPatternKind kind, const char *text, SktEncoding encoding, gboolean match_case)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktLayout) layout = new_layout (encoding);
  g_autoptr (SktPattern) pattern = skt_pattern_new (kind, text, encoding, match_case, NULL, &error);

  g_assert_no_error (error);
  return skt_search_new (journal, layout, pattern);
}

/* Workers keep the search until they are done. */
static void
drop_search (SktSearch *search)
{
  skt_search_cancel (search);
  g_object_add_weak_pointer (G_OBJECT (search), (gpointer *) &search);
  g_object_unref (search);
  wait_until (search == NULL);
}

/* -- What must be found -------------------------------------------------------------------------------------- */

typedef struct
{
  guint64 offset;
  SktPosition from;
  SktPosition to;
  guint64 length;
} Expected;

/* A byte of a stream, and where it is. */
typedef struct
{
  guint64 offset;
  SktPosition position;
} Place;

static int
compare_expected (const void *a, const void *b)
{
  const Expected *x = a;
  const Expected *y = b;

  return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Puts each stream together and searches it as a whole. */
static GArray *
list_expected (SktJournal *journal, SktSearch *search)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Expected));
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  SktPattern *pattern = skt_search_get_pattern (search);

  for (guint64 stream = 0; stream < 10; stream++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
      gsize start = 0, begin, end;

      for (guint64 i = skt_journal_get_first_record (journal); i < skt_journal_get_n_records (journal); i++)
        {
          SktRecord record;

          g_assert_true (skt_journal_reader_get_record (reader, i, &record));
          if (!skt_record_is_data (&record) || skt_stream_key (&record) != stream
              || !skt_layout_shows (skt_search_get_layout (search), &record))
            continue;
          g_byte_array_set_size (bytes, bytes->len + record.length);
          skt_journal_read_payload (journal, record.offset, bytes->data + bytes->len - record.length, record.length);
          for (guint32 k = 0; k < record.length; k++)
            {
              Place place = { record.offset + k, { i, k } };

              g_array_append_val (places, place);
            }
        }
      while (skt_pattern_find (pattern, bytes->data, bytes->len, start, &begin, &end))
        {
          const Place *first = &g_array_index (places, Place, begin);
          const Place *last = &g_array_index (places, Place, end - 1);
          Expected expected = { first->offset, first->position, last->position, end - begin };

          expected.to.begin++;
          g_array_append_val (all, expected);
          start = end;
        }
    }
  g_array_sort (all, compare_expected);
  return all;
}

/* -- What is found ------------------------------------------------------------------------------------------- */

typedef struct
{
  gboolean is_done;
  gboolean is_found;
  gboolean has_wrapped;
  SktHit hit;
} FindResult;

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  FindResult *find = user_data;
  g_autoptr (GError) error = NULL;

  find->is_found = skt_search_find_finish (SKT_SEARCH (object), result, &find->hit, &find->has_wrapped, &error);
  if (!find->is_found)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  find->is_done = TRUE;
}

static FindResult
find (SktSearch *search, SktPosition from, gboolean is_forward, gboolean wraps)
{
  FindResult find = { 0 };

  skt_search_find_async (search, from, is_forward, wraps, NULL, found_cb, &find);
  wait_until (find.is_done);
  return find;
}

static void
assert_hit (const SktHit *hit, const Expected *expected)
{
  g_assert_cmpuint (hit->offset, ==, expected->offset);
  g_assert_cmpint (skt_position_compare (&hit->from, &expected->from), ==, 0);
  g_assert_cmpint (skt_position_compare (&hit->to, &expected->to), ==, 0);
}

static void
assert_find (SktSearch *search, GArray *expected)
{
  SktPosition position = { 0, 0 };
  FindResult result;

  for (guint i = 0; i < expected->len; i++)
    {
      result = find (search, position, TRUE, FALSE);
      g_assert_true (result.is_found && !result.has_wrapped);
      assert_hit (&result.hit, &g_array_index (expected, Expected, i));
      g_assert_cmpuint (skt_search_get_number (search, &result.hit), ==, i + 1);
      position = result.hit.from;
      position.begin++;
    }
  result = find (search, position, TRUE, FALSE);
  g_assert_false (result.is_found);
  result = find (search, position, TRUE, TRUE);
  g_assert_cmpint (result.is_found, ==, expected->len > 0);
  if (result.is_found)
    {
      g_assert_true (result.has_wrapped);
      assert_hit (&result.hit, &g_array_index (expected, Expected, 0));
    }

  position = (SktPosition) { G_MAXUINT64, 0 };
  for (guint i = expected->len; i > 0; i--)
    {
      result = find (search, position, FALSE, FALSE);
      g_assert_true (result.is_found);
      assert_hit (&result.hit, &g_array_index (expected, Expected, i - 1));
      g_assert_cmpuint (skt_search_get_number (search, &result.hit), ==, i);
      position = result.hit.from;
    }
  result = find (search, position, FALSE, FALSE);
  g_assert_false (result.is_found);
  result = find (search, position, FALSE, TRUE);
  g_assert_cmpint (result.is_found, ==, expected->len > 0);
}

static void
changed_cb (SktSearch *search, gboolean *ret_changed)
{
  *ret_changed = TRUE;
}

/* The pieces make up the hits, byte by byte. */
static void
assert_pieces (SktSearch *search, GArray *expected)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (SktHitPiece));
  gboolean has_changed = TRUE;
  gulong handler = g_signal_connect (search, "changed", G_CALLBACK (changed_cb), &has_changed);

  for (guint i = 0; i < expected->len; i++)
    {
      const Expected *e = &g_array_index (expected, Expected, i);
      guint64 length = 0;
      gint64 deadline = g_get_monotonic_time () + DEADLINE_US;

      while (length != e->length)
        {
          g_assert_cmpint (g_get_monotonic_time (), <, deadline);
          wait_until (has_changed);
          has_changed = FALSE;
          length = 0;
          skt_search_get_pieces (search, e->from, e->to, pieces);
          for (guint k = 0; k < pieces->len; k++)
            if (g_array_index (pieces, SktHitPiece, k).hit == e->offset)
              length += g_array_index (pieces, SktHitPiece, k).length;
          g_assert_cmpuint (length, <=, e->length);
        }
      has_changed = TRUE;
    }
  g_signal_handler_disconnect (search, handler);
}

static void
assert_marks (SktJournal *journal, SktSearch *search, GArray *expected)
{
  const guint n = 50;
  guint64 length = skt_journal_get_payload_length (journal);
  guint64 bounds[51];
  guint8 marks[50];
  guint8 wanted[50] = { 0 };

  for (guint i = 0; i <= n; i++)
    bounds[i] = length * i / n;
  for (guint i = 0; i < expected->len; i++)
    for (guint k = 0; k < n; k++)
      if (g_array_index (expected, Expected, i).offset >= bounds[k]
          && g_array_index (expected, Expected, i).offset < bounds[k + 1])
        wanted[k] = 1;
  skt_search_get_marks (search, bounds, n, marks);
  g_assert_cmpmem (marks, n, wanted, n);
}

static void
assert_all (SktJournal *journal, SktSearch *search)
{
  g_autoptr (GArray) expected = NULL;

  skt_search_update (search);
  wait_until (skt_search_is_done (search));
  expected = list_expected (journal, search);
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, expected->len);
  g_assert_cmpfloat (skt_search_get_progress (search), ==, 1);
  assert_find (search, expected);
  assert_pieces (search, expected);
  assert_marks (journal, search, expected);
}

/* -- Hits that were cut -------------------------------------------------------------------------------------- */

/* "needle" cut at every two places, with others' bytes between. */
static void
test_cut (void)
{
  static const char needle[] = "needle";

  for (gsize first = 0; first <= 6; first++)
    for (gsize second = first; second <= 6; second++)
      {
        g_autoptr (SktJournal) journal = check_journal_new ();
        SktSearch *search = new_search (journal, SKT_PATTERN_TEXT, needle, SKT_ENCODING_UTF_8, TRUE);
        gsize cuts[] = { 0, first, second, 6 };
        FindResult result;

        check_journal_add (journal, SKT_RECORD_OPENED, 1, "a b", 3);
        for (gsize i = 0; i < 3; i++)
          {
            check_journal_add (journal, SKT_RECORD_RECEIVED, 1, needle + cuts[i], cuts[i + 1] - cuts[i]);
            check_journal_add (journal, SKT_RECORD_SENT, 1, "need", 4);
            check_journal_add (journal, SKT_RECORD_RECEIVED, 2, "dleene", 6);
            if (i == 1)
              {
                skt_search_update (search);
                wait_until (skt_search_is_done (search));
              }
          }
        skt_search_update (search);
        wait_until (skt_search_is_done (search));
        /* Those of the other two streams are never one. */
        g_assert_cmpuint (skt_search_get_n_hits (search), ==, 1);
        result = find (search, (SktPosition) { 0, 0 }, TRUE, FALSE);
        g_assert_true (result.is_found);
        assert_all (journal, search);
        drop_search (search);
      }
}

static void
test_clear_and_gap (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktSearch *search;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "nee", 3);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "dle needle", 10);
  skt_journal_set_first_record (journal, 1);
  search = new_search (journal, SKT_PATTERN_TEXT, "needle", SKT_ENCODING_UTF_8, TRUE);
  wait_until (skt_search_is_done (search));
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 1);
  assert_all (journal, search);
  drop_search (search);
}

static void
test_filter (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktPattern) pattern = skt_pattern_new (SKT_PATTERN_TEXT, "x", SKT_ENCODING_UTF_8, TRUE, NULL, NULL);
  g_autoptr (SktPattern) filter = skt_pattern_new (SKT_PATTERN_TEXT, "b", SKT_ENCODING_UTF_8, TRUE, NULL, NULL);
  const guint32 connection = 2;
  SktLayoutOptions options = { .view = SKT_VIEW_HEX, .connections = &connection, .n_connections = 1 };
  g_autoptr (SktLayout) layout = skt_layout_new (&options);
  g_autoptr (SktLayout) sent_layout = NULL;
  g_autoptr (SktLayout) pattern_layout = NULL;
  SktSearch *search;

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "xx", 2);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 2, "axb", 3);
  check_journal_add (journal, SKT_RECORD_NOTE, 0, "x", 1);
  check_journal_add (journal, SKT_RECORD_SENT, 2, "x", 1);
  search = skt_search_new (journal, layout, pattern);
  assert_all (journal, search);
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 2);
  drop_search (search);

  options.hides_received = TRUE;
  sent_layout = skt_layout_new (&options);
  search = skt_search_new (journal, sent_layout, pattern);
  assert_all (journal, search);
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 1);
  drop_search (search);

  /* Reads that are not shown for what they hold. */
  options = (SktLayoutOptions) { .pattern = filter };
  pattern_layout = skt_layout_new (&options);
  search = skt_search_new (journal, pattern_layout, pattern);
  wait_until (skt_search_is_done (search));
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 1);
  g_assert_cmpuint (find (search, (SktPosition) { 0, 0 }, TRUE, TRUE).hit.from.record, ==, 1);
  drop_search (search);
}

/* -- At random ----------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  SktPatternKind kind;
  const char *text;
  SktEncoding encoding;
  gboolean match_case;
  const char *bits[12];         /* what streams are made of */
} RandomCase;

static const RandomCase random_cases[] = {
  { "text", SKT_PATTERN_TEXT, "abc", SKT_ENCODING_UTF_8, TRUE, { "a", "b", "c", "abc", "ab", "\n" } },
  { "overlap", SKT_PATTERN_TEXT, "aba", SKT_ENCODING_UTF_8, TRUE, { "a", "b", "aba", "ababa", "aaa" } },
  { "same", SKT_PATTERN_TEXT, "aa", SKT_ENCODING_UTF_8, TRUE, { "a", "aa", "aaa", "aaaaaaaaaaaaaaaaaaaaaa", "b" } },
  { "one", SKT_PATTERN_TEXT, "e", SKT_ENCODING_UTF_8, TRUE, { "e", "f", "ffffff" } },
  { "long", SKT_PATTERN_TEXT, "0123456789012345678901234567890123456789012345678901234567890123456789x",
    SKT_ENCODING_UTF_8, TRUE, { "0123456789", "01234567890123456789012345678901234567890123456789", "x",
                                "0123456789012345678901234567890123456789012345678901234567890123456789x" } },
  { "no-case", SKT_PATTERN_TEXT, "sk", SKT_ENCODING_UTF_8, FALSE, { "s", "k", "SK", "\xC5\xBF", "\xE2\x84\xAA", "x" } },
  { "gbk", SKT_PATTERN_TEXT, "啊A", SKT_ENCODING_GBK, TRUE, { "\xB0\xA1", "\xB0", "\xA1", "A", "\x81\x41", "\n" } },
  { "gb18030", SKT_PATTERN_TEXT, "0", SKT_ENCODING_GB18030, TRUE, { "0", "\x81\x30", "\x81\x30\x81\x30", "\x81", " " } },
  { "euc-jp", SKT_PATTERN_TEXT, "亜", SKT_ENCODING_EUC_JP, TRUE, { "\xB0\xA1", "\x8F\xB0\xA1", "\xB0", "\x8F", " " } },
  { "utf-16", SKT_PATTERN_TEXT, "䅁", SKT_ENCODING_UTF_16LE, TRUE, { "AA", "A", "AAA", "\xD8", "x" } },
  { "hex", SKT_PATTERN_HEX, "61 ?? 6?", SKT_ENCODING_UTF_8, TRUE, { "a", "b", "q", "axb", "aqq" } },
  { "regex", SKT_PATTERN_REGEX, "a+b?", SKT_ENCODING_UTF_8, TRUE, { "a", "b", "aab", "\n", "x\n", "aa\n" } },
  { "regex-ends", SKT_PATTERN_REGEX, "^x|x$", SKT_ENCODING_UTF_8, TRUE, { "x", "\n", "\r\n", "xx\n", "xxx\r\n" } },
  { "regex-utf-16", SKT_PATTERN_REGEX, "[䅁a]+", SKT_ENCODING_UTF_16LE, TRUE, { "AA", "A", "a\1", "\n\1", "\n" } },
  { "regex-gbk", SKT_PATTERN_REGEX, "啊.", SKT_ENCODING_GBK, TRUE, { "\xB0\xA1", "\xB0", "A", "\n", "\xB0\xA1z\n" } },
};

/* The same byte by byte: a 1 in the bits stands for 0. Lines are kept shorter than those that are cut. */
static GByteArray *
make_stream_bytes (const RandomCase *c, GRand *rand, guint *n_in_line)
{
  GByteArray *bytes = g_byte_array_new ();
  guint n_bits = 0;
  guint n = g_rand_int_range (rand, 0, 8);

  while (n_bits < G_N_ELEMENTS (c->bits) && c->bits[n_bits] != NULL)
    n_bits++;
  for (guint i = 0; i < n; i++)
    {
      const char *bit = c->bits[g_rand_int_range (rand, 0, n_bits)];

      for (const char *p = bit; *p != '\0'; p++)
        {
          guint8 byte = *p == 1 ? 0 : *p;

          g_byte_array_append (bytes, &byte, 1);
          *n_in_line = byte == '\n' && c->encoding != SKT_ENCODING_UTF_16LE ? 0 : *n_in_line + 1;
        }
    }
  if (c->kind == SKT_PATTERN_REGEX && *n_in_line > 20)
    {
      static const guint8 ends[] = { '\n', 0, 0, '\n', 0 };
      gboolean is_wide = c->encoding == SKT_ENCODING_UTF_16LE;

      /* Whatever the parity, one of them is a line feed. */
      g_byte_array_append (bytes, is_wide ? ends : (const guint8 *) "\n", is_wide ? sizeof ends : 1);
      *n_in_line = 0;
    }
  return bytes;
}

static void
add_records (SktJournal *journal, const RandomCase *c, GRand *rand, guint n_records, guint *n_in_line)
{
  for (guint i = 0; i < n_records; i++)
    {
      guint32 connection = g_rand_int_range (rand, 1, 3);
      gboolean is_sent = g_rand_int_range (rand, 0, 3) == 0;
      g_autoptr (GByteArray) bytes = NULL;

      if (g_rand_int_range (rand, 0, 8) == 0)
        {
          check_journal_add (journal, SKT_RECORD_NOTE, connection, "aba sk", 6);
          continue;
        }
      bytes = make_stream_bytes (c, rand, &n_in_line[connection * 2 + is_sent]);
      check_journal_add (journal, is_sent ? SKT_RECORD_SENT : SKT_RECORD_RECEIVED, connection, bytes->data, bytes->len);
    }
}

static void
test_random (gconstpointer user_data)
{
  const RandomCase *c = user_data;
  GRand *rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (SktJournal) journal = check_journal_new ();
      SktSearch *search;
      guint n_in_line[10] = { 0 };

      add_records (journal, c, rand, g_rand_int_range (rand, 0, 40), n_in_line);
      search = new_search (journal, c->kind, c->text, c->encoding, c->match_case);
      if (round % 3 != 0)
        assert_all (journal, search);
      for (guint i = 0; i < round % 4; i++)
        {
          add_records (journal, c, rand, 5, n_in_line);
          skt_search_update (search);
          g_main_context_iteration (NULL, FALSE);
        }
      assert_all (journal, search);
      drop_search (search);
    }
  g_rand_free (rand);
}

/* -- Much ---------------------------------------------------------------------------------------------------- */

/* Made of 64 KiB reads of two streams in turn, with needles at known places, many of them over the ends of reads. */
static void
test_large (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  const gsize size = 64 * 1024;
  g_autofree guint8 *bytes = g_malloc (size);
  SktSearch *search;
  guint n_needles = 0;

  memset (bytes, '.', size);
  memcpy (bytes, "dle", 3);
  memcpy (bytes + 1000, "needle", 6);
  memcpy (bytes + size - 3, "nee", 3);
  for (guint i = 0; i < 200; i++)
    {
      check_journal_add (journal, i % 2 == 0 ? SKT_RECORD_RECEIVED : SKT_RECORD_SENT, 1, bytes, size);
      n_needles += 1 + (i >= 2);
    }
  search = new_search (journal, SKT_PATTERN_TEXT, "needle", SKT_ENCODING_UTF_8, TRUE);
  wait_until (skt_search_is_done (search));
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, n_needles);
  for (guint i = 0; i < 198; i += 20)
    {
      FindResult result = find (search, (SktPosition) { i, 2000 }, TRUE, FALSE);

      g_assert_true (result.is_found);
      g_assert_cmpuint (result.hit.from.record, ==, i);
      g_assert_cmpuint (result.hit.from.begin, ==, size - 3);
      g_assert_cmpuint (result.hit.to.record, ==, i + 2);
      g_assert_cmpuint (result.hit.to.begin, ==, 3);
      g_assert_cmpuint (skt_search_get_number (search, &result.hit), ==, i * 2 + 2);
    }
  drop_search (search);
}

/* Every byte is one: memory stays what it is for the payload. */
static void
test_many_hits (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  const gsize size = 512 * 1024;
  g_autofree guint8 *bytes = g_malloc (size);
  SktSearch *search;
  FindResult result;

  memset (bytes, 'a', size);
  for (guint i = 0; i < 4; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, size);
  search = new_search (journal, SKT_PATTERN_TEXT, "a", SKT_ENCODING_UTF_8, TRUE);
  wait_until (skt_search_is_done (search));
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 4 * size);
#if SKT_HIT_BLOCK >= 65536
  g_assert_cmpuint (skt_search_get_memory (search), <, 64 * 1024);
#endif
  result = find (search, (SktPosition) { 2, 77777 }, TRUE, FALSE);
  g_assert_cmpuint (result.hit.from.record, ==, 2);
  g_assert_cmpuint (result.hit.from.begin, ==, 77777);
  g_assert_cmpuint (skt_search_get_number (search, &result.hit), ==, 2 * size + 77778);
  drop_search (search);
}

/* A line of many times what is searched as one. */
static void
test_long_line (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (GString) line = g_string_new (NULL);
  SktSearch *search;
  FindResult result;
  guint n = 0;

  while (line->len < SKT_LINE_STEP * 10)
    {
      g_string_append_printf (line, "[%u]...", n % 10);
      n++;
    }
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, line->str, line->len);
  search = new_search (journal, SKT_PATTERN_REGEX, "\\d", SKT_ENCODING_UTF_8, TRUE);
  wait_until (skt_search_is_done (search));
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, n);
  for (guint i = 0; i < n; i += MAX (1, n / 40))
    {
      result = find (search, (SktPosition) { 0, i * 6 }, TRUE, FALSE);
      g_assert_true (result.is_found);
      g_assert_cmpuint (result.hit.from.begin, ==, i * 6 + 1);
      g_assert_cmpuint (skt_search_get_number (search, &result.hit), ==, i + 1);
    }
  drop_search (search);
}

/* -- While it goes on ---------------------------------------------------------------------------------------- */

static gpointer
write_thread (gpointer data)
{
  SktJournal *journal = data;

  for (guint i = 0; i < 3000; i++)
    {
      const char *text = i % 2 == 0 ? "nee" : "dle..";

      check_journal_add (journal, i % 3 == 0 ? SKT_RECORD_SENT : SKT_RECORD_RECEIVED, 1, text, strlen (text));
    }
  return NULL;
}

static void
test_growing (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktSearch *search = new_search (journal, SKT_PATTERN_TEXT, "needle", SKT_ENCODING_UTF_8, TRUE);
  GThread *writer = g_thread_new ("writer", write_thread, journal);
  g_autoptr (GArray) expected = NULL;
  guint64 n_before = 0;

  while (skt_journal_get_n_records (journal) < 3000)
    {
      skt_search_update (search);
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (skt_search_get_n_hits (search), >=, n_before);
      n_before = skt_search_get_n_hits (search);
    }
  g_thread_join (writer);
  skt_search_update (search);
  wait_until (skt_search_is_done (search));
  expected = list_expected (journal, search);
  g_assert_cmpuint (expected->len, >, 500);
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, expected->len);
  drop_search (search);
}

/* A hit in a line that is not finished is one as long as it is. */
static void
test_unfinished_line (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktSearch *search = new_search (journal, SKT_PATTERN_REGEX, "ok$", SKT_ENCODING_UTF_8, TRUE);

  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "is ok", 5);
  assert_all (journal, search);
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 1);
  check_journal_add (journal, SKT_RECORD_SENT, 1, "ok", 2);
  assert_all (journal, search);
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 2);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "ay", 2);
  assert_all (journal, search);
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 1);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "\nok\n", 4);
  assert_all (journal, search);
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 2);
  drop_search (search);
}

static void
test_cancel (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  const gsize size = 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc0 (size);
  SktSearch *search;
  guint64 n_hits;

  for (guint i = 0; i < 16; i++)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, size);
  search = new_search (journal, SKT_PATTERN_HEX, "00", SKT_ENCODING_UTF_8, TRUE);
  skt_search_cancel (search);
  wait_until (skt_search_is_done (search));
  n_hits = skt_search_get_n_hits (search);
  check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes, size);
  skt_search_update (search);
  g_assert_true (skt_search_is_done (search));
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, n_hits);
  drop_search (search);
}

static void
test_empty (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  SktSearch *search = new_search (journal, SKT_PATTERN_TEXT, "x", SKT_ENCODING_UTF_8, TRUE);
  FindResult result;

  g_assert_true (skt_search_is_done (search));
  g_assert_cmpuint (skt_search_get_n_hits (search), ==, 0);
  result = find (search, (SktPosition) { 0, 0 }, TRUE, TRUE);
  g_assert_false (result.is_found);
  result = find (search, (SktPosition) { 0, 0 }, FALSE, TRUE);
  g_assert_false (result.is_found);
  drop_search (search);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/search/cut", test_cut);
  g_test_add_func ("/core/search/clear-and-gap", test_clear_and_gap);
  g_test_add_func ("/core/search/filter", test_filter);
  for (gsize i = 0; i < G_N_ELEMENTS (random_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/search/random/%s", random_cases[i].name);

      g_test_add_data_func (path, &random_cases[i], test_random);
    }
  g_test_add_func ("/core/search/large", test_large);
  g_test_add_func ("/core/search/many-hits", test_many_hits);
  g_test_add_func ("/core/search/long-line", test_long_line);
  g_test_add_func ("/core/search/growing", test_growing);
  g_test_add_func ("/core/search/unfinished-line", test_unfinished_line);
  g_test_add_func ("/core/search/cancel", test_cancel);
  g_test_add_func ("/core/search/empty", test_empty);
  return g_test_run ();
}
