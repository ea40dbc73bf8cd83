/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-rows.h"

#include <string.h>

#include "skt-decode.h"

static SktLayout *
make_layout (SktView view, SktMode mode, SktEncoding encoding, const char *rule_text)
{
  SktFrameRule rule = { 0 };
  SktLayoutOptions options = { .view = view, .mode = mode, .encoding = encoding, .bytes_per_row = 8, .frame_rule = &rule };

  if (rule_text != NULL)
    g_assert_true (skt_frame_rule_parse (rule_text, &rule, NULL));
  return skt_layout_new (&options);
}

/* What the rows are, one after another: "received:hel|lo" and marks: ^ first, $ ends its piece, + open, < continues, ~ unfinished. */
static char *
dup_picture (SktJournal *journal, SktLayout *layout, gboolean with_marks)
{
  g_autoptr (GArray) rows = check_list_rows (journal, layout);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  GString *picture = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const SktRow *row = &g_array_index (rows, SktRow, i);
      guint8 bytes[SKT_TEXT_ROW_BYTES + 8];
      SktRecord record;

      g_assert_true (skt_journal_reader_get_record (reader, row->record, &record));
      if (with_marks && row->is_first)
        g_string_append_c (picture, '^');
      if (row->continues)
        g_string_append_c (picture, '<');
      if (!skt_record_is_data (&record))
        g_string_append (picture, "event");
      else
        {
          g_assert_cmpuint (row->length, <=, sizeof bytes);
          g_assert_cmpuint (skt_row_read (row, journal, reader, layout, bytes), ==, row->length);
          g_string_append (picture, record.kind == SKT_RECORD_SENT ? "S:" : "R:");
          skt_decode_append_plain (skt_layout_get_encoding (layout), &row->carry, bytes, row->length, row->ends_piece,
                                   picture);
        }
      if (row->is_unfinished)
        g_string_append_c (picture, '~');
      if (with_marks && row->is_open)
        g_string_append_c (picture, '+');
      g_string_append_c (picture, '|');
    }
  return g_string_free (picture, FALSE);
}

static void
add (SktJournal *journal, const char *pieces)
{
  /* "Rabc" received, "Sabc" sent, "E" an event; connection 1; "2..." the same of connection 2. */
  g_auto (GStrv) words = g_strsplit (pieces, "|", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      guint connection = words[i][0] == '2' ? 2 : 1;
      const char *word = words[i] + connection - 1;
      SktRecordKind kind = word[0] == 'R' ? SKT_RECORD_RECEIVED : word[0] == 'S' ? SKT_RECORD_SENT : SKT_RECORD_CLOSED;
      check_journal_add (journal, kind, connection, word + 1, strlen (word + 1));
    }
}

typedef struct
{
  SktView view;
  SktMode mode;
  const char *rule;
  const char *pieces;
  const char *picture;
} PictureCase;

static const PictureCase picture_cases[] = {
  { SKT_VIEW_TEXT, SKT_MODE_STREAM, NULL, "Rhel|Rlo\nwor|Rld", "^R:hello\n|^R:world+|" },
  { SKT_VIEW_TEXT, SKT_MODE_STREAM, NULL, "Ra|Rb|Sx|Rc\n", "^R:ab|^S:x|^R:c\n|" },
  { SKT_VIEW_TEXT, SKT_MODE_STREAM, NULL, "Ra\nb\nc", "^R:a\n|R:b\n|R:c+|" },
  { SKT_VIEW_TEXT, SKT_MODE_STREAM, NULL, "Ra|E|Rb|2Rc", "^R:a|^event|^R:b|^R:c+|" },
  { SKT_VIEW_HEX, SKT_MODE_STREAM, NULL, "R0123|R456789|Rabcdef", "^R:01234567|^R:89abcdef|" },
  /* Rows of hex stand at multiples of their length in the stream, also after an interruption. */
  { SKT_VIEW_HEX, SKT_MODE_STREAM, NULL, "R012345|Sx|R6789", "^R:012345|^S:x|^R:67|R:89+|" },
  { SKT_VIEW_BOTH, SKT_MODE_STREAM, NULL, "R0123456|R789\nab", "^R:01234567|^R:89\n|R:ab+|" },
  { SKT_VIEW_TEXT, SKT_MODE_FRAMES, "fixed 4", "Rab|Rcdefg|Rh|Ri", "^R:abcd|^R:efgh|^R:i~+|" },
  { SKT_VIEW_TEXT, SKT_MODE_FRAMES, "fixed 4", "Rabc|Sxyzuv|Rdef", "^R:abc~|^S:xyzu|^S:v~|^<R:d|^R:ef~+|" },
  { SKT_VIEW_TEXT, SKT_MODE_FRAMES, "length width=1", "R\2ab\1|Rc", "^R:\2ab|^R:\1c|" },
  { SKT_VIEW_TEXT, SKT_MODE_FRAMES, "length width=1", "R\2a|2R\1|E|Rb|2Rz", "^R:\2a~|^R:\1~|^event|^<R:b|^<R:z|" },
  /* A frame of several rows: full rows of what is not complete are marked too. */
  { SKT_VIEW_HEX, SKT_MODE_FRAMES, "fixed 20", "R0123456789abcdef", "^R:01234567|R:89abcdef~+|" },
  { SKT_VIEW_TEXT, SKT_MODE_FRAMES, "fixed 6", "Ra\nb|R\ncd", "^R:a\n|R:b\n|R:cd|" },
  { SKT_VIEW_TEXT, SKT_MODE_FRAMES, "line crlf", "Ra\r|R\nb\r\n", "^R:a\r\n|^R:b\r\n|" },
};

static void
test_pictures (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (picture_cases); i++)
    {
      const PictureCase *c = &picture_cases[i];
      g_autoptr (SktJournal) journal = check_journal_new ();
      g_autoptr (SktLayout) layout = make_layout (c->view, c->mode, SKT_ENCODING_UTF_8, c->rule);
      g_autofree char *picture = NULL;

      add (journal, c->pieces);
      picture = dup_picture (journal, layout, TRUE);
      g_assert_cmpstr (picture, ==, c->picture);
    }
}

/* A pause of more than 50 ms ends a frame; less does not. */
static void
test_pause (void)
{
  static const guint gaps[] = { 0, 20, 60, 50, 51 };
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = make_layout (SKT_VIEW_TEXT, SKT_MODE_FRAMES, SKT_ENCODING_UTF_8, "pause 50");
  g_autofree char *picture = NULL;
  guint64 time_ns = G_GUINT64_CONSTANT (1700000000000000000);

  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++)
    {
      const guint8 byte = 'a' + i;
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1 };
      time_ns += gaps[i] * 1000000;
      record.time_ns = time_ns;
      g_assert_true (skt_journal_append (journal, &record, &byte, 1, NULL));
    }
  g_assert_true (skt_journal_flush (journal, NULL));
  picture = dup_picture (journal, layout, TRUE);
  g_assert_cmpstr (picture, ==, "^R:ab|^R:cd|^R:e~+|");
}

/* What else happens between does not make a part of a frame that a pause has ended; only what is the last may go on. */
static void
test_pause_and_answers (void)
{
  static const SktRecordKind kinds[] = { SKT_RECORD_SENT, SKT_RECORD_RECEIVED, SKT_RECORD_SENT, SKT_RECORD_RECEIVED };
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = make_layout (SKT_VIEW_TEXT, SKT_MODE_FRAMES, SKT_ENCODING_UTF_8, "pause 50");
  g_autofree char *picture = NULL;
  guint64 time_ns = G_GUINT64_CONSTANT (1700000000000000000);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const guint8 byte = 'a' + i;
      SktRecord record = { .kind = kinds[i], .connection = 1, .time_ns = time_ns };
      time_ns += (i % 2 == 0 ? 5 : 1000) * 1000000;
      g_assert_true (skt_journal_append (journal, &record, &byte, 1, NULL));
    }
  g_assert_true (skt_journal_flush (journal, NULL));
  picture = dup_picture (journal, layout, TRUE);
  g_assert_cmpstr (picture, ==, "^S:a|^R:b|^S:c|^R:d~+|");
}

/* Text and bytes that are none, of every encoding, in pieces of every size: without borders the rows are the same,
 * character for character. */
static void
test_every_piece (void)
{
  static const struct
  {
    SktEncoding encoding;
    const char *text;
  } texts[] = {
    { SKT_ENCODING_UTF_8, "中文，héllo 😀\nおわり\n\xff\xe4\xbd\n\xf0\x9f\xc0\x80\xed\xa0\x80 end\n" },
    { SKT_ENCODING_GB18030, "\xd6\xd0\xce\xc4\n\x81\x30\x81\x30hello\x81\n\xff\xd6\n\x94\x39\xfc\x36 end\n" },
    { SKT_ENCODING_SHIFT_JIS, "\x93\xfa\x96\x7b\n\xb1\xb2\x81\n\xa0\xfd end\n" },
    { SKT_ENCODING_UTF_16LE, "a\1\n\1b\1c\1\n\1\n\n\x3d\1d\1\n\1e\1\n\1" },
  };
  static const char *const rules[] = { "line lf", "fixed 5", "delimiter 0a0a", "length offset=1 width=1 adjust=-64" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (SktView view = 0; view < SKT_N_VIEWS; view++)
      for (guint r = 0; r <= G_N_ELEMENTS (rules); r++)
        {
          const char *rule = r < G_N_ELEMENTS (rules) ? rules[r] : NULL;
          g_autoptr (SktLayout) layout = make_layout (view, rule != NULL ? SKT_MODE_FRAMES : SKT_MODE_STREAM,
                                                      texts[i].encoding, rule);
          gsize length = strlen (texts[i].text);
          g_autofree char *bytes = g_memdup2 (texts[i].text, length);
          g_autofree char *expected = NULL;

          /* \1 stands for NUL. */
          for (gsize k = 0; k < length; k++)
            if (bytes[k] == '\1')
              bytes[k] = '\0';
          for (gsize piece = length; piece > 0; piece--)
            {
              g_autoptr (SktJournal) journal = check_journal_new ();
              g_autofree char *picture = NULL;
              for (gsize at = 0; at < length; at += piece)
                check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes + at, MIN (piece, length - at));
              picture = dup_picture (journal, layout, FALSE);
              if (expected == NULL)
                expected = g_steal_pointer (&picture);
              else if (!g_str_has_prefix (picture, "<")) /* marks of continuing are of the pieces */
                {
                  g_auto (GStrv) parts = g_strsplit (picture, "<", -1);
                  g_autofree char *plain = g_strjoinv ("", parts);
                  g_assert_cmpstr (plain, ==, expected);
                }
            }
        }
}

/* All that a peer may come up with, and a megabyte of combining marks on one base. */
static GByteArray *
make_hostile (void)
{
  static const char *const pieces[] = {
    "plain\n", "\r\n", "\xff\xfe\n", "\xc4\n", "\xe4\xbd\n", "\xf0\x9f\x98\n", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
    "\xf8\x88\x80\x80\x80", "\x80\xbf", "\xe2\x80\xae" "abc\xe2\x80\xac", "\xe2\x81\xa6" "x\xe2\x81\xa9", "\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07", "<b>&amp;</b>&\n", "中文，héllo 😀\n", "\xd6\xd0\xce\xc4", "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", "\t\t", "\n",
  };
  GByteArray *bytes = g_byte_array_new ();

  for (guint round = 0; round < 20; round++)
    for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
      g_byte_array_append (bytes, (const guint8 *) pieces[i * 7 % G_N_ELEMENTS (pieces)],
                           strlen (pieces[i * 7 % G_N_ELEMENTS (pieces)]));
  for (guint i = 0; i < 256; i++)
    for (guint k = 0; k < 256; k += 17)
      {
        const guint8 pair[] = { i, k };
        g_byte_array_append (bytes, pair, sizeof pair);
      }
  for (guint i = 0; i < 512 * 1024; i++)
    g_byte_array_append (bytes, (const guint8 *) "\xcc\x81", 2);
  g_byte_array_append (bytes, (const guint8 *) "\nend\n", 5);
  return bytes;
}

/* What each row shows, and how wide: a checksum of it all. */
static char *
dup_shown (SktJournal *journal, SktLayout *layout)
{
  g_autoptr (GArray) rows = check_list_rows (journal, layout);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  SktDecoded decoded;

  skt_decoded_init (&decoded);
  for (guint i = 0; i < rows->len; i++)
    {
      const SktRow *row = &g_array_index (rows, SktRow, i);
      guint8 bytes[SKT_TEXT_ROW_BYTES + 8];

      g_assert_cmpuint (skt_row_read (row, journal, reader, layout, bytes), ==, row->length);
      skt_decode_row (skt_layout_get_encoding (layout), &row->carry, bytes, row->length, row->ends_piece, &decoded);
      g_checksum_update (checksum, (const guchar *) decoded.text->str, decoded.text->len);
      g_checksum_update (checksum, (const guchar *) &decoded.n_cells, sizeof decoded.n_cells);
      /* without the padding at the end of each */
      for (guint k = 0; k < decoded.spans->len; k++)
        g_checksum_update (checksum, (const guchar *) &g_array_index (decoded.spans, SktSpan, k),
                           G_STRUCT_OFFSET (SktSpan, cells) + 1);
    }
  skt_decoded_clear (&decoded);
  return g_strdup_printf ("%u rows, %s", rows->len, g_checksum_get_string (checksum));
}

static void
test_hostile (void)
{
  static const gsize sizes[] = { 64 * 1024, 1460, 2, 1 };
  static const SktEncoding encodings[] = { SKT_ENCODING_UTF_8, SKT_ENCODING_GB18030, SKT_ENCODING_UTF_16LE };
  g_autoptr (GByteArray) bytes = make_hostile ();
  char *expected[G_N_ELEMENTS (encodings) * SKT_N_VIEWS] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (SktJournal) journal = check_journal_new ();

      for (gsize at = 0; at < bytes->len; at += sizes[i])
        {
          SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = at };
          g_assert_true (skt_journal_append (journal, &record, bytes->data + at, MIN (sizes[i], bytes->len - at), NULL));
        }
      g_assert_true (skt_journal_flush (journal, NULL));
      for (guint k = 0; k < G_N_ELEMENTS (expected); k++)
        {
          g_autoptr (SktLayout) layout = make_layout (k % SKT_N_VIEWS, SKT_MODE_STREAM, encodings[k / SKT_N_VIEWS], NULL);
          char *shown = dup_shown (journal, layout);

          if (expected[k] == NULL)
            expected[k] = shown;
          else
            {
              g_assert_cmpstr (shown, ==, expected[k]);
              g_free (shown);
            }
        }
    }
  for (guint k = 0; k < G_N_ELEMENTS (expected); k++)
    g_free (expected[k]);
}

/* What a page beyond the index shows is what the index finds. */
static void
test_guessed (void)
{
  GRand *rand = g_rand_new_with_seed (g_test_rand_int ());
  const SktView views[] = { SKT_VIEW_TEXT, SKT_VIEW_HEX };

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr (SktJournal) journal = check_journal_new ();
      g_autoptr (SktLayout) layout = make_layout (views[round % 2], SKT_MODE_STREAM, SKT_ENCODING_UTF_8, NULL);
      g_autoptr (SktRowScanner) scanner = skt_row_scanner_new (journal, layout);
      g_autoptr (GArray) rows = NULL;

      for (guint i = 0; i < 200; i++)
        {
          char line[64];
          int n = g_snprintf (line, sizeof line, "%.*s%s", g_rand_int_range (rand, 1, 30),
                              "a line of text as long as this", g_rand_int_range (rand, 0, 3) == 0 ? "\n" : "");
          check_journal_add (journal, g_rand_int_range (rand, 0, 20) == 0 ? SKT_RECORD_SENT : SKT_RECORD_RECEIVED, 1,
                             line, n);
        }
      rows = check_list_rows (journal, layout);
      for (guint i = 0; i < rows->len; i++)
        {
          const SktRow *expected = &g_array_index (rows, SktRow, i);
          SktRow row;

          skt_row_scanner_seek_guess (scanner, expected->record);
          do
            g_assert_true (skt_row_scanner_next (scanner, &row));
          while (skt_row_is_before (&row, (SktPosition){ expected->record, expected->begin }));
          row.is_first = expected->is_first; /* the row before is not known */
          check_assert_same_row (&row, expected);
        }
    }
  g_rand_free (rand);
}

/* Bytes of a row and positions in the journal, there and back. */
static void
test_positions (void)
{
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = make_layout (SKT_VIEW_TEXT, SKT_MODE_STREAM, SKT_ENCODING_UTF_8, NULL);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  g_autoptr (GArray) rows = NULL, pieces = NULL;
  const SktRow *row;

  add (journal, "Rx\nab|Rc|Rdef\ny");
  rows = check_list_rows (journal, layout);
  row = &g_array_index (rows, SktRow, 1);
  g_assert_cmpuint (row->length, ==, 7);
  pieces = skt_row_list_pieces (row, reader, layout);
  g_assert_cmpuint (pieces->len, ==, 3);
  for (guint32 i = 0; i <= row->length; i++)
    {
      SktPosition position = skt_row_get_position (row, pieces, i);
      g_assert_cmpuint (skt_row_find_position (row, pieces, position), ==, i);
    }
  g_assert_cmpuint (skt_row_get_position (row, pieces, 2).record, ==, 1);
  g_assert_cmpuint (skt_row_get_position (row, pieces, 7).record, ==, 2);
  g_assert_cmpuint (skt_row_get_position (row, pieces, 7).begin, ==, 4);
  g_assert_cmpuint (skt_row_find_position (row, pieces, (SktPosition){ 0, 0 }), ==, 0);
  g_assert_cmpuint (skt_row_find_position (row, pieces, (SktPosition){ 0, 4 }), ==, 2);
  g_assert_cmpuint (skt_row_find_position (row, pieces, (SktPosition){ 9, 0 }), ==, 7);
}

/* An open row that grows, with records in between that are not shown: each is looked at once. */
static void
test_open_row_grows (void)
{
  const guint32 one = 1;
  SktLayoutOptions options = { .mode = SKT_MODE_STREAM, .connections = &one, .n_connections = 1 };
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = skt_layout_new (&options);
  g_autoptr (SktRowIndex) index = skt_row_index_new (journal, layout);
  SktRow row;

  for (guint i = 0; i < 50; i++)
    {
      check_journal_add (journal, SKT_RECORD_RECEIVED, 1, "ab", 2);
      for (guint k = 0; k < 30; k++)
        check_journal_add (journal, SKT_RECORD_RECEIVED, 2, "other\n", 6);
      while (!skt_row_index_extend (index, 0, NULL))
        ;
      g_assert_cmpuint (skt_row_index_get_n_rows (index), ==, 1);
      g_assert_cmpuint (skt_row_index_get_n_seen (index), ==, skt_journal_get_n_records (journal));
      g_assert_cmpuint (skt_row_index_get_rows (index, 0, 1, &row), ==, 1);
      g_assert_true (row.is_open);
      g_assert_cmpuint (row.length, ==, 2 * (i + 1));
    }
}

/* Reads that have the pattern, whole; lines of a stream and frames that have it. */
static void
test_pattern (void)
{
  static const struct
  {
    SktMode mode;
    const char *rule;
    SktPatternKind kind;
    const char *pattern;
    const char *pieces;
    const char *picture;
  } pattern_cases[] = {
    { SKT_MODE_READS, NULL, SKT_PATTERN_TEXT, "ERR", "Rx\nerr 1\ny|Rok|E|Serror", "^R:x\n|R:err 1\n|R:y|^S:error|" },
    { SKT_MODE_READS, NULL, SKT_PATTERN_TEXT, "nothing", "Rabc|Sdef", "" },
    { SKT_MODE_READS, NULL, SKT_PATTERN_HEX, "61 ?? 63", "Rabc|Rac|Raxc", "^R:abc|^R:axc|" },
    { SKT_MODE_STREAM, NULL, SKT_PATTERN_TEXT, "err", "Rok\ner|Rr 1\nok\n|Re", "^R:err 1\n|" },
    { SKT_MODE_STREAM, NULL, SKT_PATTERN_TEXT, "err", "Rok\ner|Rr", "^R:err+|" },
    { SKT_MODE_STREAM, NULL, SKT_PATTERN_REGEX, "^[0-9]+$", "R12\nx1|R2\n3|R4\n", "^R:12\n|^R:34\n|" },
    { SKT_MODE_FRAMES, "fixed 3", SKT_PATTERN_TEXT, "b", "Rab|Rcxyzba|Rb", "^R:abc|^R:bab|" },
    { SKT_MODE_READS, NULL, SKT_PATTERN_TEXT, "界", "R世\xe7|R\x95\x8c|R世", "^R:界|" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pattern_cases); i++)
    {
      SktFrameRule rule = { 0 };
      g_autoptr (SktPattern) pattern = skt_pattern_new (pattern_cases[i].kind, pattern_cases[i].pattern,
                                                        SKT_ENCODING_UTF_8, FALSE, NULL, NULL);
      SktLayoutOptions options = { .mode = pattern_cases[i].mode, .frame_rule = &rule, .pattern = pattern };
      g_autoptr (SktJournal) journal = check_journal_new ();
      g_autoptr (SktLayout) layout = NULL;
      g_autofree char *picture = NULL;

      if (pattern_cases[i].rule != NULL)
        g_assert_true (skt_frame_rule_parse (pattern_cases[i].rule, &rule, NULL));
      layout = skt_layout_new (&options);
      add (journal, pattern_cases[i].pieces);
      picture = dup_picture (journal, layout, TRUE);
      g_assert_cmpstr (picture, ==, pattern_cases[i].picture);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/modes/pictures", test_pictures);
  g_test_add_func ("/core/modes/pause", test_pause);
  g_test_add_func ("/core/modes/pause-and-answers", test_pause_and_answers);
  g_test_add_func ("/core/modes/pattern", test_pattern);
  g_test_add_func ("/core/modes/positions", test_positions);
  g_test_add_func ("/core/modes/open-row-grows", test_open_row_grows);
  g_test_add_func ("/core/modes/guessed", test_guessed);
  g_test_add_func ("/core/modes/every-piece", test_every_piece);
  g_test_add_func ("/core/modes/hostile", test_hostile);
  return g_test_run ();
}
